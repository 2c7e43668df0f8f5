"""Every bit of a log counts."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from audited import Files, codes, verify

from communityrules.wire.audit.beside import Beside
from communityrules.wire.audit.bodies import commitments_of
from communityrules.wire.audit.errors import AuditError
from communityrules.wire.audit.following import Following
from communityrules.wire.audit.records import open_line

#: Records of which every bit is flipped: the first, the last, and others.
WHOLE = (0, 1, 2, 3, 50, 99, 150, 201, 256, 300, 333, 400, 444, 512, 600, 666, 777, 888, 998, 999)


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def start(line: bytes) -> Following:
    """The state before a record."""
    record = open_line(line.rstrip(b"\n"))
    assert record is not None
    return Following("log", record.number, record.previous)


def found_in(excerpt: bytes, chain: Following) -> bool:
    """Whether something is found wrong with an excerpt of a log that begins where the chain stands."""
    *lines, rest = excerpt.split(b"\n")
    if rest:
        return True
    for line in lines:
        for one in chain.read(line):
            assert one.diagnostic.text("zh")
            return True
    return any(True for _ in chain.end())


def found_beside(texts: bytes, number: int, commitments: list[str], last: int) -> bool:
    beside = Beside(BytesIO(texts), "texts")
    return any(True for _ in beside.record(number, commitments, False)) or any(True for _ in beside.end(last, False))


def commitments(line: bytes) -> list[str]:
    record = open_line(line.rstrip(b"\n"))
    assert record is not None
    return commitments_of(record.content() or {}) or []


def test_the_log_itself_is_sound(thousand: Files) -> None:
    found, report = verify(thousand)
    assert codes(found) == []
    assert (report.records, report.number, report.texts) == (1000, 999, True)


@pytest.mark.parametrize("number", WHOLE)
def test_every_bit_of_a_record(thousand: Files, number: int) -> None:
    lines = thousand.lines
    line = lines[number]
    after = b"".join(lines[number + 1 : number + 2])
    assert not found_in(line + after, start(line))
    missed = [bit for bit in range(len(line) * 8) if not found_in(flipped(line, bit) + after, start(line))]
    assert missed == []


@pytest.mark.parametrize("number", WHOLE[1:])
def test_every_bit_of_a_records_texts(thousand: Files, number: int) -> None:
    line = next(one for one in thousand.text_lines if one.startswith(b'{"n":%d,' % number))
    theirs = commitments(thousand.lines[number])
    assert theirs
    assert not found_beside(line, number, theirs, 999)
    missed = [bit for bit in range(len(line) * 8) if not found_beside(flipped(line, bit), number, theirs, 999)]
    assert missed == []


def test_one_bit_of_every_other_record(thousand: Files) -> None:
    chance = random.Random(5)
    lines = thousand.lines
    missed = []
    for number in sorted(set(range(1000)) - set(WHOLE)):
        line = lines[number]
        changed = flipped(line, chance.randrange(len(line) * 8))
        if not found_in(changed + b"".join(lines[number + 1 : number + 2]), start(line)):
            missed.append(number)
    assert missed == []


def test_bits_anywhere_in_the_whole_log_are_found_where_they_are(thousand: Files) -> None:
    chance = random.Random(6)
    lines = thousand.lines
    for _ in range(40):
        number = chance.randrange(1000)
        before = sum(map(len, lines[:number]))
        bit = chance.randrange(before * 8, (before + len(lines[number]) - 1) * 8)
        found, _ = verify(Files(flipped(thousand.log, bit), thousand.texts))
        assert codes(found)[0] == ("CR861", number)
        assert found[0].line == number + 1


def test_bits_anywhere_in_the_texts_are_found(thousand: Files) -> None:
    chance = random.Random(7)
    for _ in range(40):
        found, _ = verify(Files(thousand.log, flipped(thousand.texts, chance.randrange(len(thousand.texts) * 8))))
        assert {code for code, _ in codes(found)} == {"CR866"}


def test_no_bit_of_the_first_record_keeps_it_from_being_verified(thousand: Files) -> None:
    first = len(thousand.lines[0])
    short = b"".join(thousand.lines[:3])
    for bit in range(first * 8):
        try:
            found, _ = verify(Files(flipped(short, bit), b""), texts=False)
        except AuditError as error:
            pytest.fail(f"bit {bit}: {error}")
        assert found, bit
