"""`bank_card` / `银行卡号`: numbers of bank cards.

A number counts when it begins like a card of a known network, is as long as that network's cards and its check digit
is right (Luhn), whole or in the usual groups. Identity numbers that happen to fit are left to `id_card`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.detectors.digits import Group, is_amount, join, luhn, pieces, runs
from communityrules.library.detectors.id_card import is_id_card
from communityrules.library.detectors.numerals import with_numerals
from communityrules.library.later import later
from communityrules.library.narrow import narrow
from communityrules.library.signs import BANK_CARDS, may_hold

_ENOUGH = later(r"(?:[0-9][^0-9A-Za-z]?){13}[0-9]")
#: How numbers begin and how long they are, network by network.
_NETWORKS = (
    ("UnionPay", re.compile(r"62|81[0-6]|817[01]"), (16, 17, 18, 19)),
    ("Chinese debit cards older than UnionPay", re.compile(r"436742|456351|601382|95588[0-8]|95599"), (19,)),
    ("Visa", re.compile(r"4"), (16, 19)),
    ("Mastercard", re.compile(r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720"), (16,)),
    ("American Express", re.compile(r"3[47]"), (15,)),
    ("JCB", re.compile(r"352[89]|35[3-8]"), (16,)),
    ("Discover", re.compile(r"6011|64[4-9]|65"), (16, 19)),
    ("Mir", re.compile(r"220[0-4]"), (16, 17, 18, 19)),
    ("Diners Club", re.compile(r"30[0-5]|3095|36|38|39"), (14,)),
)
_SHORTEST_GROUP = 3


def is_bank_card(number: str) -> bool:
    """Whether digits are a card's number by network, length and check digit."""
    known = any(len(number) in lengths and begins.match(number) for _, begins, lengths in _NETWORKS)
    return known and luhn(number) and len(set(number)) > 1 and not is_id_card(number)


def find_bank_cards(text: str) -> Iterator[Match]:
    """Card numbers of a text in order."""
    if not may_hold(text, BANK_CARDS):
        return
    yield from with_numerals(_find, narrow(text))


def _find(plain: str) -> Iterator[Match]:
    if not _ENOUGH().search(plain):
        return
    for groups in runs(plain, 14):
        taken = 0
        for piece in pieces(groups, range(14, 20), 6):
            start, end = piece[0].start, piece[-1].end
            if start < taken or not _grouped_like_a_card(piece) or not is_bank_card(join(piece)):
                continue
            if not is_amount(plain, start, end) and not _glued(plain, start, end):
                taken = end
                yield Match(start, end)


def _grouped_like_a_card(groups: list[Group]) -> bool:
    return all(len(one.digits) >= _SHORTEST_GROUP for one in groups[:-1])


def _glued(text: str, start: int, end: int) -> bool:
    around = text[max(0, start - 1) : start] + text[end : end + 1]
    return any(char.isascii() and char.isalpha() for char in around)


BANK_CARD = Detector(
    Names("bank_card", "银行卡号", ("银行卡",)),
    Bilingual("Numbers of bank cards whose check digit is right.", "校验位正确的银行卡号。"),
    find_bank_cards,
)
