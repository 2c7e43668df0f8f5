"""`phone_number` / `手机号`: telephone numbers of people, in China and abroad.

Found: Chinese mobile numbers in segments that are given out, with or without `+86`, whole, in the usual groups or
digit by digit, in digits of any width, circled ones, keycaps or Chinese numerals (`一三八…`, `幺三八…`); Chinese land
lines with an area code set apart; numbers with `+` or `00` and a country code; numbers of North America and mobile
numbers of Taiwan in groups. Not found: hot lines (400, 800, 95…), which belong to no person; digits with money or a
unit beside them; digits that run on; a Chinese number glued to a Latin word that is not a word for telephone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.detectors.digits import Group, is_amount, join, pieces, runs
from communityrules.library.detectors.numerals import with_numerals
from communityrules.library.later import later
from communityrules.library.narrow import narrow
from communityrules.library.signs import PHONE_NUMBERS, may_hold

_ENOUGH = later(r"(?:[0-9][^0-9A-Za-z]{0,3}){9}[0-9]")
_SPREAD = later(r"(?<![0-9])1([ .\-_*~、，,/|·—+]{1,3})[3-9](?:\1[0-9]){9}(?!\1?[0-9])")
_MOBILE = later(r"1(?:3[0-9]|4[5-9]|5[0-35-9]|6[2567]|7[0-8]|8[0-9]|9[0-35-9])[0-9]{8}")
_MOBILE_GROUPS = {
    *((11,), (3, 8), (7, 4), (5, 6), (6, 5), (3, 4, 4), (4, 4, 3), (4, 3, 4), (3, 3, 5), (3, 2, 3, 3), (3, 3, 3, 2)),
    (3, 2, 2, 2, 2),
}
#: Area codes: Beijing, the large cities, and the four-digit ones.
_AREA = later(r"0(?:10|2[0-9]|[3-9][0-9]{2})")
_LOCAL = later(r"[2-8][0-9]{6,7}")
_CONTACT = later(
    r"(?:tel|phone|mobile|mob|call|text|sms|whatsapp|wa|wechat|weixin|vx|wx|v|qq|q|t|p|d|dh|sj|lx)[:=]?$", re.IGNORECASE
)
_LATIN = later(r"[A-Za-z]")
_LAND_LINE = later(
    r"(?<![0-9A-Za-z])(?<![0-9][ .-])(?:\((0[0-9]{2,3})\)[ -]?|(0[0-9]{2,3})(?:[ ]?-[ ]?|[ ]))"
    r"([0-9]{7,8}|[0-9]{3,4}[ -][0-9]{4})(?![0-9A-Za-z]|[ .-][0-9])"
)
#: Without a gap a word for telephone stands before it: `电话02162345678`.
_GLUED_LAND_LINE = later(
    r"(?:电话|電話|座机|固话|热线|致电|来电|拨打|tel|phone|call)(?:号码?)?[ ]?[是为]?[:：]?[ ]?"
    r"(0(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7})(?![0-9A-Za-z]|[.-][0-9])",
    re.IGNORECASE,
)
_ABROAD = later(
    r"(?<![0-9A-Za-z+])(?:\+[ ]?|00[ ]?(?=[1-9][0-9]{0,2}[ .-]))"
    r"([0-9][0-9 .()\-\u2010-\u2015]{5,24}[0-9])(?![0-9A-Za-z])"
)
#: Without a sign, in brackets: `(852) 9123 4567`.
_BRACKETED_CODE = later(r"(?<![0-9A-Za-z(])\((852|853)\)[ ]?([2-9][0-9]{3}[ -]?[0-9]{4})(?![0-9A-Za-z]|[.-][0-9])")
_TAIWAN = later(r"(?<![0-9A-Za-z+.-])09[0-9]{2}([ -])[0-9]{3}\1?[0-9]{3}(?![0-9A-Za-z]|[.-][0-9])")
_NORTH_AMERICA = later(
    r"(?<![0-9A-Za-z+.-])(?:1[ .-])?(?:\(([2-9][0-9]{2})\)[ ]?|([2-9][0-9]{2})([ .-]))"
    r"([2-9][0-9]{2})([ .-])([0-9]{4})(?![0-9A-Za-z]|[.-][0-9])"
)
#: Hot lines: those of North America that cost the caller nothing, and 400 and 800 of China.
_FREE_OF_CHARGE = frozenset(("400", "800", "833", "844", "855", "866", "877", "888"))

#: How many digits follow a country calling code → the codes.
_CODES = {
    range(10, 11): "1 7",
    range(
        8, 12
    ): "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 "
    "82 84 90 91 92 93 94 95 98",
    range(7, 11): "211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 238 239 "
    "240 241 242 243 244 245 246 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 267 268 269 "
    "291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 381 382 383 385 "
    "386 387 389 420 421 423 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 598 599 670 672 673 "
    "674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 850 852 853 855 856 880 886 960 961 962 "
    "963 964 965 966 967 968 970 971 972 973 974 975 976 977 992 993 994 995 996 998",
}
_COUNTRIES = {code: lengths for lengths, codes in _CODES.items() for code in codes.split()}


def find_phone_numbers(text: str) -> tuple[Match, ...]:
    """Telephone numbers of a text in order, with their country code, none within another."""
    if not may_hold(text, PHONE_NUMBERS):
        return ()
    return tuple(with_numerals(_find, narrow(text)))


def _find(plain: str) -> tuple[Match, ...]:
    if not _ENOUGH().search(plain):
        return ()
    found: list[Match] = []
    taken = 0
    candidates = [
        one
        for find in (_abroad, _chinese_mobiles, _land_lines, _north_american, _taiwanese, _bracketed_code, _spread)
        for one in find(plain)
    ]
    for one in sorted(candidates, key=lambda match: (match.start, -match.end)):
        if one.start >= taken:
            found.append(one)
            taken = one.end
    return tuple(found)


def _chinese_mobiles(text: str) -> Iterator[Match]:
    for groups in runs(text, 11):
        taken = 0
        for piece in pieces(groups, range(11, 16), 6):
            if piece[0].start < taken:
                continue
            start = _mobile_start(text, piece)
            if start is not None:
                taken = piece[-1].end
                yield Match(start, taken)


def _taiwanese(text: str) -> Iterator[Match]:
    """Mobile numbers of Taiwan in groups: `0912-345-678`."""
    return (Match(*one.span()) for one in _TAIWAN().finditer(text))


def _bracketed_code(text: str) -> Iterator[Match]:
    """Numbers of Hong Kong and Macao with their code in brackets."""
    return (Match(*one.span()) for one in _BRACKETED_CODE().finditer(text))


def _spread(text: str) -> Iterator[Match]:
    """Mobile numbers with the same mark between all digits: `1-3-8-1-2-3-4-5-6-7-8`."""
    for one in _SPREAD().finditer(text):
        if _MOBILE().fullmatch(re.sub(r"[^0-9]", "", one.group())):
            yield Match(one.start(), one.end())


def _mobile_start(text: str, groups: list[Group]) -> int | None:
    """Where the number that these groups are begins, country code included; None when they are none."""
    if groups[0].digits[0] not in "018":
        return None
    digits = join(groups)
    start, end = groups[0].start, groups[-1].end
    shape = tuple([len(one.digits) for one in groups])
    for prefix in ("0086", "86", ""):
        if digits.startswith(prefix) and _MOBILE().fullmatch(digits, len(prefix)):
            break
    else:
        return None
    rest = shape[1:] if shape[0] == len(prefix) else (shape[0] - len(prefix), *shape[1:])
    if len(groups) == 2 and text[groups[0].end : groups[1].start] == ".":
        return None  # a number with decimals
    if rest not in _MOBILE_GROUPS or is_amount(text, start, end) or _runs_on(text, start, end):
        return None
    if prefix and start and text[start - 1] == "+":
        start -= 1
    return start


def _runs_on(text: str, start: int, end: int) -> bool:
    """Whether a Latin word before or after makes the digits part of a name: `SN13812345678`."""
    if end < len(text) and _LATIN().match(text, end):
        return True
    before = text[max(0, start - 12) : start]
    return bool(before) and _LATIN().match(before[-1]) is not None and not _CONTACT().search(_last_word(before))


def _last_word(text: str) -> str:
    at = len(text)
    while at and _LATIN().match(text[at - 1]):
        at -= 1
    return text[at:] if _CONTACT().fullmatch(text[at:]) else ""


def _land_lines(text: str) -> Iterator[Match]:
    for one in _LAND_LINE().finditer(text):
        area = one.group(1) or one.group(2)
        local = re.sub(r"[ -]", "", one.group(3))
        if _AREA().fullmatch(area) and _LOCAL().fullmatch(local) and not is_amount(text, one.start(), one.end()):
            yield Match(one.start(), one.end())
    for one in _GLUED_LAND_LINE().finditer(text):
        yield Match(*one.span(1))


def _abroad(text: str) -> Iterator[Match]:
    for one in _ABROAD().finditer(text):
        # `+44 (0)20…`: the zero is for those who call from there.
        digits = re.sub(r"[^0-9]", "", one.group(1).replace("(0)", "", 1))
        if _is_international(digits) and not is_amount(text, one.start(), one.end()):
            # `(+86)138…`: the bracket that opens before the sign belongs to it.
            opened = one.group().count(")") > one.group().count("(") and text[one.start() - 1 : one.start()] == "("
            yield Match(one.start() - opened, one.end())


def _is_international(digits: str) -> bool:
    if digits.startswith("86"):
        rest = digits[2:]
        return (
            _MOBILE().fullmatch(rest) is not None
            or re.fullmatch(r"(?:10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7}", rest) is not None
        )
    for length in (1, 2, 3):
        lengths = _COUNTRIES.get(digits[:length])
        if lengths is not None:
            rest = digits[length:]
            # Italy alone keeps its zero; round numbers are amounts.
            return len(rest) in lengths and (rest[0] != "0" or digits[:2] == "39") and len(set(rest)) > 1
    return False


def _north_american(text: str) -> Iterator[Match]:
    for one in _NORTH_AMERICA().finditer(text):
        if (one.group(1) or one.group(2)) in _FREE_OF_CHARGE:
            continue
        if one.group(3) in (None, one.group(5)) and not is_amount(text, one.start(), one.end()):
            yield Match(one.start(), one.end())


PHONE_NUMBER = Detector(
    Names("phone_number", "手机号", ("手机号码", "电话号码")),
    Bilingual(
        "Telephone numbers of people: Chinese mobile numbers and land lines, and numbers with a country code.",
        "个人电话号码:国内手机号、带区号的座机号,以及带国家代码的号码。",
    ),
    find_phone_numbers,
)
