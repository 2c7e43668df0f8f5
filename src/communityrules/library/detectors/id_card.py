"""`id_card` / `身份证号`: Chinese resident identity numbers of 18 characters.

A number counts when its region, its date of birth and its check character are right, whole or in groups. The old
numbers of 15 digits have no check character and are no longer valid; they are not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.detectors.digits import join, pieces, runs
from communityrules.library.detectors.numerals import with_numerals
from communityrules.library.later import later
from communityrules.library.narrow import narrow
from communityrules.library.signs import ID_CARDS, may_hold

_ENOUGH = later(r"(?:[0-9][^0-9A-Za-z]?){16}[0-9]")
#: Provinces, regions and cities by the first two digits (GB/T 2260), Hong Kong, Macao, Taiwan and residents from there.
_REGION_CODES = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
)
_REGIONS = frozenset(_REGION_CODES.split())
#: The same mark between all digits.
_SPREAD = later(r"(?<![0-9])[1-8]([ .\-_*~、，,/|·]{1,3})[0-9](?:\1[0-9]){15}\1[0-9Xx](?![0-9A-Za-z]|\1[0-9])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"


def is_id_card(number: str) -> bool:
    """Whether 18 characters are a resident identity number: region, date of birth, check character."""
    if len(number) != 18 or not number[:17].isdigit() or number[:2] not in _REGIONS:
        return False
    if not "1900" <= number[6:10] <= "2099":
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return (
        _CHECK[sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False)) % 11]
        == number[17].upper()
    )


def find_id_cards(text: str) -> Iterator[Match]:
    """Identity numbers of a text in order."""
    if not may_hold(text, ID_CARDS):
        return
    yield from with_numerals(_find, narrow(text))


def _find(plain: str) -> Iterator[Match]:
    if not _ENOUGH().search(plain):
        return
    for groups in runs(plain, 17):
        taken = 0
        for piece in pieces(groups, range(17, 19), 6):
            start, end = piece[0].start, piece[-1].end
            number = join(piece)
            if len(number) == 17:
                last = re.compile(r"[ -]?([xX])(?![A-Za-z0-9])").match(plain, end)
                if last is None:
                    continue
                number += "X"
                end = last.end()
            if start >= taken and is_id_card(number):
                taken = end
                yield Match(start, end)
    for one in _SPREAD().finditer(plain):
        if is_id_card(re.sub(r"[^0-9Xx]", "", one.group())):
            yield Match(one.start(), one.end())


ID_CARD = Detector(
    Names("id_card", "身份证号", ("身份证", "身份证号码")),
    Bilingual("Chinese resident identity numbers whose check character is right.", "校验位正确的居民身份证号码。"),
    find_id_cards,
)
