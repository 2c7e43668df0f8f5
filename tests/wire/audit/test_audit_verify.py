"""Records that were cut, put in, moved, repeated; ends that were cut off; texts that went without a word."""

from __future__ import annotations

import random

import orjson
import pytest
from audited import KEY, Files, codes, verify

from communityrules.wire.audit.errors import AuditError
from communityrules.wire.audit.heads import Head
from communityrules.wire.audit.records import open_line, seal


def joined(lines: list[bytes], few: Files) -> Files:
    return Files(b"".join(lines), few.texts)


def head_of(few: Files) -> Head:
    record = open_line(few.lines[-1].rstrip(b"\n"))
    assert record is not None
    return Head(record.number, record.hash)


def forged(line: bytes, previous: str | None = None, number: int | None = None) -> tuple[bytes, str]:
    """A record with another place, and a hash that fits."""
    record = open_line(line.rstrip(b"\n"))
    assert record is not None
    sealed, hash_ = seal(
        record.number if number is None else number, record.previous if previous is None else previous, record.body
    )
    return sealed + b"\n", hash_


@pytest.mark.parametrize(("first", "last"), [(1, 1), (5, 5), (5, 9), (1, 20), (28, 28)])
def test_records_that_were_cut_out(few: Files, first: int, last: int) -> None:
    lines = few.lines
    found, _ = verify(joined(lines[:first] + lines[last + 1 :], few))
    assert codes(found) == [("CR862", first)]
    assert found[0].line == first + 1
    assert (f"{first} to {last}" if last > first else f"record {first}") in found[0].diagnostic.text()


def test_the_first_record_is_missed_too(few: Files) -> None:
    found, _ = verify(joined(few.lines[1:], few))
    assert codes(found) == [("CR862", 0)]


def test_two_gaps_are_two_findings(few: Files) -> None:
    lines = few.lines
    found, _ = verify(joined(lines[:4] + lines[6:10] + lines[11:], few))
    assert codes(found) == [("CR862", 4), ("CR862", 10)]


@pytest.mark.parametrize("number", [1, 7, 20])
def test_neighbours_that_changed_places(few: Files, number: int) -> None:
    lines = few.lines
    lines[number], lines[number + 1] = lines[number + 1], lines[number]
    found, _ = verify(joined(lines, few), texts=False)
    assert codes(found) == [("CR863", number + 1)]


def test_records_far_apart_that_changed_places(few: Files) -> None:
    lines = few.lines
    lines[4], lines[20] = lines[20], lines[4]
    found, _ = verify(joined(lines, few), texts=False)
    assert codes(found) == [("CR863", 20), ("CR863", 4)]


def test_a_record_that_was_moved_down_and_one_that_was_moved_up(few: Files) -> None:
    lines = few.lines
    found, _ = verify(joined([*lines[:4], *lines[5:12], lines[4], *lines[12:]], few), texts=False)
    assert codes(found) == [("CR863", 4)]
    found, _ = verify(joined([*lines[:4], lines[11], *lines[4:11], *lines[12:]], few), texts=False)
    assert codes(found) == [("CR863", 11)]


def test_a_log_from_back_to_front(few: Files) -> None:
    found, _ = verify(joined(few.lines[::-1], few), texts=False)
    assert len(found) >= len(few.lines) - 1


@pytest.mark.parametrize("number", [0, 1, 12, 29])
def test_a_record_that_stands_there_twice(few: Files, number: int) -> None:
    lines = few.lines
    found, _ = verify(joined([*lines[: number + 1], *lines[number:]], few))
    assert codes(found) == [("CR863", number)]
    later = min(number + 5, len(lines))
    found, _ = verify(joined([*lines[:later], lines[number], *lines[later:]], few))
    assert codes(found) == [("CR863", number)]


def test_a_record_that_was_put_in_with_a_hash_that_fits(few: Files) -> None:
    lines = few.lines
    record = open_line(lines[7].rstrip(b"\n"))
    assert record is not None
    false, _ = forged(lines[3], previous=record.hash, number=8)
    found, _ = verify(joined([*lines[:8], false, *lines[8:]], few), texts=False)
    assert codes(found) == [("CR863", 8)]


def test_a_record_that_was_written_anew_does_not_lead_on_to_the_next(few: Files) -> None:
    lines = few.lines
    lines[9], _ = forged(lines[9].replace(b'"allow"', b'"block"').replace(b'"flag"', b'"allow"'))
    lines[9], _ = forged(lines[10], number=9, previous=open_line(lines[8][:-1]).hash)  # type: ignore[union-attr]
    found, _ = verify(joined(lines, few), texts=False)
    assert codes(found) == [("CR864", 10)]


def test_a_log_that_was_written_anew_from_some_record_on_is_found_against_a_head(few: Files) -> None:
    lines = few.lines
    head = head_of(few)
    previous = open_line(lines[9][:-1]).hash  # type: ignore[union-attr]
    anew = lines[:10]
    for line in lines[11:]:
        made, previous = forged(line, previous=previous, number=len(anew))
        anew.append(made)
    found, _ = verify(joined(anew, few), texts=False)
    assert found == []
    found, _ = verify(joined(anew, few), head, texts=False)
    assert codes(found) == [("CR868", head.number)]
    previous = open_line(lines[9][:-1]).hash  # type: ignore[union-attr]
    same = lines[:10]
    for line in [lines[11], *lines[11:]]:
        made, previous = forged(line, previous=previous, number=len(same))
        same.append(made)
    found, _ = verify(joined(same, few), head, texts=False)
    assert codes(found) == [("CR869", head.number)]


@pytest.mark.parametrize("kept", [0, 1, 2, 15, 29])
def test_an_end_that_was_cut_off_is_found_against_a_head(few: Files, kept: int) -> None:
    head = head_of(few)
    cut = Files(b"".join(few.lines[:kept]), few.texts)
    found, report = verify(cut, head, texts=False)
    assert codes(found) == [("CR868", head.number)]
    assert not report.met
    found, _ = verify(cut, Head(None, head.hash), texts=False)
    assert codes(found) == [("CR869", None)]
    if kept:
        found, _ = verify(cut, texts=False)
        assert found == []


def test_texts_whose_records_were_cut_off_tell_of_it(few: Files) -> None:
    found, _ = verify(Files(b"".join(few.lines[:-1]), few.texts))
    assert codes(found) == [("CR866", len(few.lines) - 1)]


def test_a_head_is_met_on_the_way(few: Files) -> None:
    record = open_line(few.lines[12][:-1])
    assert record is not None
    for head in (Head(12, record.hash), Head(None, record.hash)):
        found, report = verify(few, head)
        assert (found, report.met) == ([], True)
    found, _ = verify(few, Head(13, record.hash))
    assert codes(found) == [("CR869", 13)]


def test_half_a_line_at_the_end(few: Files) -> None:
    for cut in (1, 2, 70, 200):
        found, _ = verify(Files(few.log[:-cut], few.texts), texts=False)
        assert codes(found) == [("CR865", len(few.lines) - 1)]


def test_several_things_at_once_are_all_told(few: Files) -> None:
    lines = few.lines
    lines[5] = lines[5].replace(b'"verdict"', b'"Verdict"')
    lines[6] = b"\n"
    found, _ = verify(joined([*lines[:10], lines[9], *lines[10:20], *lines[22:]], few), texts=False)
    assert codes(found) == [("CR861", 5), ("CR861", 6), ("CR863", 9), ("CR862", 20)]


def test_every_shuffle_of_a_few_lines_is_found(few: Files) -> None:
    chance = random.Random(3)
    lines = few.lines
    for _ in range(300):
        some = lines[:]
        for _ in range(chance.randint(1, 3)):
            match chance.randrange(3):
                case 0:
                    some.insert(chance.randrange(len(some)), chance.choice(some))
                case 1:
                    del some[chance.randrange(len(some) - 1)]
                case 2:
                    one, other = chance.randrange(len(some)), chance.randrange(len(some))
                    some[one], some[other] = some[other], some[one]
        if some == lines or some == lines[: len(some)]:
            continue
        found, _ = verify(joined(some, few))
        assert found


# --- texts -----------------------------------------------------------------------------------------------------


def test_texts_that_were_taken_away_without_a_record_of_it(few: Files) -> None:
    lines = few.text_lines
    number = orjson.loads(lines[4])["n"]
    found, _ = verify(Files(few.log, b"".join(lines[:4] + lines[5:])))
    assert codes(found) == [("CR866", number)]
    body = orjson.loads(lines[4])
    body["texts"][0] = None
    found, _ = verify(Files(few.log, b"".join([*lines[:4], orjson.dumps(body) + b"\n", *lines[5:]])))
    assert codes(found) == [("CR866", number)]
    assert "no record tells of an erasure" in found[0].diagnostic.text()
    found, _ = verify(Files(few.log, b""))
    assert len(found) == len(lines)


def test_texts_in_another_order_or_twice(few: Files) -> None:
    lines = few.text_lines
    for some in ([lines[1], lines[0], *lines[2:]], [lines[0], *lines], [*lines, lines[3]], [*lines, b"{}\n"]):
        found, _ = verify(Files(few.log, b"".join(some)))
        assert found
        assert {code for code, _ in codes(found)} == {"CR866"}


def test_texts_that_do_not_fit_are_told_by_their_record(few: Files) -> None:
    body = orjson.loads(few.text_lines[2])
    body["texts"][0]["text"] = "somebody else"
    some = few.text_lines
    some[2] = orjson.dumps(body) + b"\n"
    found, _ = verify(Files(few.log, b"".join(some)))
    assert codes(found) == [("CR866", body["n"])]


# --- files from strangers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"hello\n", b"\x00" * 5000, b'{"id":"e1"}\n' * 50, b"PK\x03\x04" + bytes(range(256)) * 9]
)
def test_what_is_no_log_is_called_so(data: bytes) -> None:
    with pytest.raises(AuditError, match="CR872"):
        verify(Files(data, b""))


def test_logs_of_strangers_are_bounded_and_never_stumbled_over(few: Files) -> None:
    first = few.lines[0]
    previous = open_line(first[:-1]).hash  # type: ignore[union-attr]
    bodies = [
        b'"kind":"decision"', b'"kind":"decision","decision":{},"texts":[1]', b'"kind":7',
        b'"kind":"erasure","texts":3', b'"kind":"erasure","texts":[[1,[-1]]]', b'"kind',
        b'"kind":"erasure","texts":[[99999999999999999999,[2]]]',
        b'"kind":"log","format":1,"key":"x"', b'"kind":"decision","decision":{},"texts":' + b"[" * 5000,
        b'"kind":"erasure","texts":[[1,[0,1,2]],[500,[0]]],"note":null', b'"kind":"\xff\xfe"',
    ]  # fmt: skip
    for body in bodies:
        line, _ = seal(1, previous, body)
        found, _ = verify(Files(first + line + b"\n", b""))
        assert found, body
        assert {code for code, _ in codes(found)} <= {"CR861", "CR867"}
    found, _ = verify(Files(first + b"x" * 3_000_000 + b"\n" + first, b'{"n":1,"texts":[nul' + b"[" * 100_000))
    assert found


def test_a_signed_head_is_known_by_its_key(few: Files) -> None:
    head = head_of(few).signed(KEY)
    assert head.is_signed_with(KEY)
    assert not head.is_signed_with(KEY + b"!")
    assert not Head(head.number, "0" * 64, head.signature).is_signed_with(KEY)
    assert not Head(5, head.hash, head.signature).is_signed_with(KEY)
    assert not head_of(few).is_signed_with(KEY)
