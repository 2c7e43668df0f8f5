"""Host names: one spelling for each, and which endings are real.

The suffix list is the one that comes inside the `tldextract` package; the network is never asked.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from communityrules.library.fold import STEPS
from communityrules.library.fold_ranges import changes

if TYPE_CHECKING:
    from tldextract import TLDExtract

#: Full stops that stand for the dot of a host name.
_DOTS = str.maketrans({"。": ".", "．": ".", "｡": "."})
#: Of what folding undoes, all but accents.
_UNDONE = tuple(step for step in STEPS if step.name != "marks")
#: Letters and digits by blocks, so that no version of Unicode changes what a name is: for a class of `re`.
LETTERS = (
    "0-9A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af\u0300-\u167f\u1681-\u1fff\u2c00-\u2dff\u3005-\u3007\u3041-\u30fa"
    "\u30fc-\u9fff\ua000-\ud7ff\uf900-\ufdff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U00020000-\U0003ffff"
)
_IPV4 = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")


@lru_cache(maxsize=1)
def _label() -> re.Pattern[str]:
    # Compiled when first needed: the letters of all scripts take a while.
    return re.compile(f"[{LETTERS}-]+")


@lru_cache(maxsize=4096)
def plain_host(host: str) -> str:
    """One spelling of a host name: lower case, plain width, Unicode labels instead of `xn--`, no dot at the end.

    `WWW.Example.COM.` is `www.example.com`; `xn--fsqu00a.xn--fiqs8s` is `例子.中国`. Accents stay: they make another
    name. A label that is not valid punycode stays as it is.
    """
    host = host.translate(_DOTS).strip().strip(".")
    if not host.isascii():
        for step in _UNDONE:
            host = "".join(step.of(char) if changes(ord(char)) else char for char in host)
        host = unicodedata.normalize("NFC", host).translate(_DOTS)
    else:
        host = host.lower()
    if "xn--" not in host:
        return host
    return ".".join(_unicode_label(label) for label in host.split("."))


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    # A label that decodes to plain letters, or to what ends a host, is a disguise and not a name.
    if decoded.isascii() or not _label().fullmatch(decoded):
        return label
    return unicodedata.normalize("NFC", "".join(_case_of(char) for char in decoded))


def _case_of(char: str) -> str:
    return char.casefold() if changes(ord(char)) else char


def is_ipv4(host: str) -> bool:
    """Whether a host is four numbers from 0 to 255."""
    return _IPV4.fullmatch(host) is not None and all(int(part) <= 255 for part in host.split("."))


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    # Imported when a text first has something like a host: it brings a large package with it.
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str | None:
    """The name that was registered, `example.co.uk` of `www.example.co.uk`; None when the ending is no public one."""
    parts = _suffixes().extract_str(plain_host(host))
    if not parts.suffix or not parts.domain:
        return None
    return f"{parts.domain}.{parts.suffix}"
