"""Files of events: each line is an event or a coded refusal, whatever the bytes."""

from __future__ import annotations

import gzip
import io
import json
import random
from pathlib import Path

import orjson
import pytest

from communityrules.wire import reading
from communityrules.wire.events import WireError
from communityrules.wire.reading import Line, decode_event, read_events, read_stream

GOOD = {"id": "m1", "ts": "2024-10-08T04:00:00Z", "community": "c1", "author": "amy", "type": "message", "text": "hi"}


def lines(data: bytes) -> list[Line]:
    return list(read_stream(io.BytesIO(data), "events.jsonl"))


def good(number: int = 1) -> bytes:
    return orjson.dumps({**GOOD, "id": f"m{number}"}) + b"\n"


def codes(found: list[Line]) -> list[str]:
    return [line.error.diagnostic.code if line.error else line.event.id if line.event else "?" for line in found]


def test_lines_keep_their_numbers_and_blank_ones_are_passed_over() -> None:
    found = lines(b"\xef\xbb\xbf" + good(1) + b"\n  \r\n" + good(2).strip())
    assert [(line.number, line.event and line.event.id) for line in found] == [(1, "m1"), (4, "m2")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "CR801"),
        (b"not json", "CR801"),
        (b"[]", "CR803"),
        (b"[{}]", "CR803"),
        (b"5", "CR803"),
        (b"null", "CR803"),
        (b"{}{}", "CR801"),
        (b'{"id": "\\ud800"}', "CR801"),
        (b'{"id": NaN}', "CR801"),
        (b'{"id": "\xff\xfe"}', "CR801"),
        (b"\x00\x01\x02", "CR801"),
        (b"[" * 5000, "CR801"),
        (b'{"id":"a","id":"b"}', "CR807"),
        (b'{"id" :"a","id":"b"}', "CR807"),
        (b'{"id"\t:"a","id":"b"}', "CR807"),
        (b'{"id" \t :"a","id"  :"b"}', "CR807"),
        (b'{"x":{"id":"a","i\\u0064":"b"}}', "CR807"),
    ],
)
def test_a_bad_line_spoils_nothing_else(line: bytes, code: str) -> None:
    assert codes(lines(good(1) + line + b"\n" + good(2))) == ["m1", code, "m2"]


def test_words_that_look_like_repeated_names_are_fine() -> None:
    text = 'he said "id": and "id": twice'
    written = {**GOOD, "text": text}
    for body in (json.dumps(written), json.dumps(written, separators=(",", ":"))):
        event = decode_event(body.encode())
        assert event.message is not None
        assert event.message.text == text


def test_a_refusal_says_where_the_json_breaks() -> None:
    (line,) = lines('{"id": "m1", "文本": oops}'.encode())
    assert line.error is not None
    assert line.error.diagnostic.values["column"] == "20"
    assert "oops" in line.error.diagnostic.text("zh")


def test_gzip_is_known_by_its_bytes(tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(gzip.compress(good(1) + good(2)))
    assert codes(list(read_events(file))) == ["m1", "m2"]


def test_a_cut_gzip_file_gives_what_it_has_and_says_so() -> None:
    rng = random.Random(1)
    whole = b"".join(good(rng.randrange(10**12)) for _ in range(5000))
    found = lines(gzip.compress(whole)[:-2000])
    assert len(found) > 1000
    assert codes(found)[-1] == "CR809"
    assert all(line.error is None for line in found[:-1])


def test_an_over_long_line_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 1000)
    found = lines(good(1) + b'{"x":"' + b"y" * 5000 + b'"}\n' + good(2))
    assert codes(found) == ["m1", "CR806", "m2"]


def test_a_line_without_end_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_LINE", 1000)
    monkeypatch.setattr(reading, "MAX_SKIPPED", 10_000)
    read = read_stream(io.BytesIO(gzip.compress(good(1) + b"\x00" * 1_000_000)), "bomb.gz")
    assert codes([next(read), next(read)]) == ["m1", "CR806"]
    with pytest.raises(WireError) as caught:
        next(read)
    assert caught.value.diagnostic.code == "CR810"


def test_blank_lines_without_end_are_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_SKIPPED", 10_000)
    assert codes(lines(b"\n" * 9_000 + good(1))) == ["m1"]
    with pytest.raises(WireError) as caught:
        lines(gzip.compress(good(1) + b"\n" * 1_000_000))
    assert caught.value.diagnostic.code == "CR810"


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"\x89PNG\r\n", b"%PDF-1.7", b"SQLite format 3\x00", b"\xff\xfei\x00"])
def test_files_of_another_kind_are_named(head: bytes) -> None:
    with pytest.raises(WireError) as caught:
        lines(head + b"\x00" * 100)
    assert caught.value.diagnostic.code == "CR810"


def test_random_bytes_are_refused_line_by_line() -> None:
    rng = random.Random(7)
    junk = [rng.randbytes(rng.randrange(1, 200)).replace(b"\n", b" ") for _ in range(500)]
    data = b"".join(b"x" + one + b"\n" + good(index) for index, one in enumerate(junk))
    found = lines(data)
    assert sum(line.event is not None for line in found) == 500
    assert sum(line.error is not None for line in found) == 500


def test_a_line_can_be_taken_apart() -> None:
    (line,) = lines(good())
    number, event, error = line
    assert (number, event, error) == (line.number, line.event, None)
