"""Endings of host names: which make bare text a link, and which need more to be one."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Endings of countries that are also those of files people name in chats.
FILES: Final = _words("java md mk ml mov mp pl pm ps pub py rs sc sh so st sy tf zip")
#: Endings that are also words, with which a sentence may begin whose writer left out the space.
WORDS: Final = _words(
    "am as at be best bet build buy by call care click cool date day do fail free fun he help here how id im in is "
    "it life like link live love me men my name new no now one onion open page play read run safe save say see show "
    "so space store style to today tools us watch we win work wow you zone"
)
#: Endings other than those of countries that bare text may have to be a link: known to everybody, or hardly ever
#: anything but the end of a host. The others are also words that programs use: `cart.app`, `events.fire`.
USUAL: Final = _words(
    "com net org edu gov info biz mobi asia xyz top vip icu club shop site online wang ltd cyou sbs buzz bond cfd "
    "quest skin pro bet casino poker loan cloud wiki blog coop ink xin ren"
)
#: Of those, what disguised hosts end with: `evil点com`.
DISGUISED: Final = "com|net|org|cn|cc|xyz|vip|top|info|shop|club|site|online|icu|io|app|tv|co|me|gg|ly|link"
#: Endings that begin the names of packages: `com.example.mail`.
PACKAGES: Final = _words("com org net io cn")


def is_usual(ending: str) -> bool:
    """Whether bare text with that ending may be a link without anything that says so."""
    return ending in USUAL or (len(ending) == 2 and ending not in FILES) or not ending.isascii() or "xn--" in ending
