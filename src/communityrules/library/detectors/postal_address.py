"""`postal_address` / `详细地址`: where somebody lives or works, down to a number.

Chinese addresses that name a road or an estate with its number, and either the place that it is in
(`朝阳区建国路88号`) or the room (`幸福小区3号楼2单元501室`); addresses in English with a number, a street and its kind
(`221B Baker Street`).
What names only a town or a road is none. The detector misses many addresses, and finds few things that are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.later import later
from communityrules.library.narrow import narrow
from communityrules.library.signs import POSTAL_ADDRESSES, may_hold

_SIGN: Final = later(
    r"[0-9一二三四五六七八九十][ ]?(?:[号弄栋幢座室]|单元)"
    r"|[0-9][A-Za-z]?[ ](?:[A-Z][a-z]+[ ]){1,3}(?:St|Ave|R|B|L|D|C|P)"
)
_HAN: Final = "\u4e00-\u9fff"
_N: Final = r"(?:[0-9]{1,5}|[一二三四五六七八九十百]{1,5})"


@lru_cache(maxsize=1)
def _chinese() -> re.Pattern[str]:
    han = f"[{_HAN}]"
    region = (
        rf"(?:{han}{{2,7}}?(?:省|自治区|特别行政区))?(?:{han}{{2,7}}?(?:市|自治州|盟))?(?:{han}{{1,7}}?(?:区|县|旗|市))?"
        rf"(?:{han}{{1,6}}?(?:街道|镇|乡))?(?:{han}{{1,6}}?(?:村|社区))?"
    )
    name = f"[{_HAN}A-Za-z0-9]"
    road = rf"{name}{{1,8}}?(?:路|大街|街|大道|巷|胡同|里弄|道|弄堂)(?:[东西南北中]段?|[一二三四五六七八九十]段)?"
    estate = rf"{name}{{2,10}}?(?:小区|花园|公寓|家园|新村|大厦|广场|苑|城|府|庭|湾|园|村|楼)"
    number = rf"[ ]?{_N}(?:[-—之]{_N})?[ ]?(?:号院?|弄|巷)(?![线楼])(?:[ ]?{_N}号(?!楼))?"
    floor = rf"[ ]?(?:[0-9A-Za-z]{{1,4}}|{_N})[ ]?(?:号楼|栋|幢|座|单元|门|层|楼|室|房|户)"
    room = rf"(?:{floor}){{1,4}}(?:[ ]?[0-9]{{2,5}}室?)?"
    return re.compile(
        rf"(?P<region>{region})(?:(?P<road>{road})(?P<number>{number})(?:{estate})?(?P<rest>{room})?"
        rf"|(?P<estate>{estate})(?P<room>{room}))"
    )


@lru_cache(maxsize=1)
def _english() -> re.Pattern[str]:
    kinds = (
        *("Street", "St", "Avenue", "Ave", "Road", "Rd", "Boulevard", "Blvd", "Lane", "Ln", "Drive", "Dr", "Court"),
        *("Ct", "Place", "Pl", "Terrace", "Highway", "Hwy", "Parkway", "Pkwy"),
    )
    return re.compile(
        r"(?<![0-9A-Za-z#.-])[0-9]{1,5}[A-Za-z]?[ ](?:[NSEW]\.?[ ])?"
        r"(?:(?:[A-Z][a-z]+|[0-9]{1,3}(?:st|nd|rd|th))[ ]){1,3}"
        rf"(?:{'|'.join(kinds)})\b\.?(?:,?[ ](?:Apt|Apartment|Unit|Suite|Ste|Room|#)\.?[ ]?#?[0-9A-Za-z-]{{1,6}}\b)?"
    )


def find_postal_addresses(text: str) -> Iterator[Match]:
    """Addresses of a text in order."""
    if not may_hold(text, POSTAL_ADDRESSES):
        return
    plain = narrow(text)
    if not _SIGN().search(plain):
        return
    found = [Match(*one.span()) for one in _english().finditer(plain)]
    for one in _chinese().finditer(plain):
        if one["road"] is not None:
            if not (one["region"] or one["rest"]):
                continue
        elif not (one["region"] or _ROOM().search(one["room"])):
            continue
        start = one.start() + len(_LEADING().match(one.group())[0])  # type: ignore[index]  # it fits the empty text
        found.append(Match(start, one.end()))
    taken = 0
    for match in sorted(found, key=lambda each: (each.start, -each.end)):
        if match.start >= taken:
            taken = match.end
            yield match


#: Words before an address that its first part took along.
_LEADING: Final = later(rf"(?:[{_HAN}]{{0,6}}?(?:地址|住址|家住|住在|位于|地点|在|到|来|去|寄|我|你|他|是|址))*")
_ROOM: Final = later(r"[0-9]{2,5}[ ]?[室房户]|单元")


POSTAL_ADDRESS = Detector(
    Names("postal_address", "详细地址", ("家庭住址",)),
    Bilingual(
        "Addresses down to a number: `朝阳区建国路88号`, `221B Baker Street`.",
        "写到门牌号的地址:`朝阳区建国路88号`、`221B Baker Street`。",
    ),
    find_postal_addresses,
)
