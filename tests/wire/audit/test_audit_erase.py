"""Texts go for good, the chain holds, and going in secret is still found."""

from __future__ import annotations

import os
from pathlib import Path

import orjson
import pytest
from audited import KEY, ZONE, Files, codes, decided, events, read, verify, write

from communityrules.wire.audit import erasing
from communityrules.wire.audit.erasing import Wanted, erase
from communityrules.wire.audit.errors import AuditError
from communityrules.wire.audit.heads import Head
from communityrules.wire.audit.records import seal
from communityrules.wire.audit.writing import AuditLog


def texts_of(path: Path) -> dict[int, list[str | None]]:
    return {
        one["n"]: [text and text["text"] for text in one["texts"]] for one in map(orjson.loads, read(path).text_lines)
    }


def head(path: Path) -> Head:
    with AuditLog(path, ZONE, key=KEY) as log:
        return log.head


def test_all_texts_of_an_event_go_and_no_other(tmp_path: Path) -> None:
    path = write(tmp_path, 40)
    before, old, kept = texts_of(path), head(path), read(path)
    number = next(n for n, one in before.items() if any("加微信" in str(text) for text in one))
    event = orjson.loads(kept.lines[number])["decision"]["event"]
    gone = erase(str(path), Wanted(event=event, note="asked for on 5 June"))
    after = texts_of(path)
    assert (gone.records, gone.texts) == (1, len(before[number]))
    assert after[number] == [None] * len(before[number])
    assert {n: one for n, one in after.items() if n != number} == {n: one for n, one in before.items() if n != number}
    files = read(path)
    assert files.log.startswith(kept.log)
    assert b"asked for on 5 June" in files.lines[-1]
    found, report = verify(files, old)
    assert (codes(found), report.erasures, report.erased, report.met) == ([], 1, gone.texts, True)
    assert head(path) == Head(gone.number, gone.hash)


def test_all_that_a_member_wrote_and_every_mention_of_them_goes(tmp_path: Path) -> None:
    path = write(tmp_path, 60)
    before = texts_of(path)
    gone = erase(str(path), Wanted(member="wei"))
    after = texts_of(path)
    assert "wei" not in str(after)
    assert gone.texts == sum(one.count(None) for one in after.values())
    for number, texts in before.items():
        content = orjson.loads(read(path).lines[number])
        by = content["people"]["by"]
        if by is not None and texts[by["text"]] == "wei":
            # Others who had a part in it are not theirs to erase.
            assert {one for one in after[number] if one is not None} <= {"amy", "bob", "sue", "staff"}
        elif "wei" not in str(texts):
            assert after[number] == texts
    assert codes(verify(read(path))[0]) == []
    with pytest.raises(AuditError, match="CR877"):
        erase(str(path), Wanted(member="wei"))


def test_it_is_told_from_texts_that_went_otherwise(tmp_path: Path) -> None:
    path = write(tmp_path, 20)
    erase(str(path), Wanted(member="amy"))
    files = read(path)
    body = next(one for one in map(orjson.loads, files.text_lines) if None not in one["texts"])
    number = body["n"]
    body["texts"] = [None] * len(body["texts"])
    lines = [one if orjson.loads(one)["n"] != number else orjson.dumps(body) + b"\n" for one in files.text_lines]
    found, _ = verify(Files(files.log, b"".join(lines)))
    assert codes(found) == [("CR866", number)]


def test_texts_that_came_back_are_found(tmp_path: Path) -> None:
    path = write(tmp_path, 20)
    before = read(path)
    gone = erase(str(path), Wanted(member="amy"))
    found, _ = verify(Files(read(path).log, before.texts))
    assert len(found) == gone.records
    assert {code for code, _ in codes(found)} == {"CR867"}


def test_an_erasure_that_was_stopped_midway_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, 20)
    with monkeypatch.context() as patch:
        patch.setattr(erasing, "_take_away", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            erase(str(path), Wanted(member="amy"))
    assert {code for code, _ in codes(verify(read(path))[0])} == {"CR867"}
    gone = erase(str(path), Wanted(member="amy"))
    assert (gone.texts, gone.finished > 0) == (0, True)
    assert codes(verify(read(path))[0]) == []
    assert "amy" not in str(texts_of(path))
    assert [one for one in os.listdir(tmp_path) if one.endswith(".part")] == []


def test_events_that_come_again_do_not_bring_texts_back(tmp_path: Path) -> None:
    path = write(tmp_path, 30)
    erase(str(path), Wanted(member="amy"))
    erase(str(path), Wanted(event="e7"))
    before = read(path)
    with AuditLog(path, ZONE, key=KEY) as log:
        for decision, event in decided(events(30)):
            assert log.append(decision, event) is None
    assert read(path) == before
    assert codes(verify(before)[0]) == []


def test_the_log_goes_on_after_an_erasure(tmp_path: Path) -> None:
    path = write(tmp_path, 10)
    erase(str(path), Wanted(event="e3"))
    with AuditLog(path, ZONE, key=KEY) as log:
        for decision, event in decided(events(30)):
            log.append(decision, event)
    found, report = verify(read(path))
    assert (codes(found), report.erasures) == ([], 1)
    again = erase(str(path), Wanted(event="e3"))
    assert (again.texts, again.finished) == (0, 0)


def test_a_log_that_is_open_erases_too(tmp_path: Path) -> None:
    path = write(tmp_path, 10)
    made = list(decided(events(20)))
    with AuditLog(path, ZONE, key=KEY, batch=1000) as log:
        for decision, event in made[:-3]:
            log.append(decision, event)
        assert log.erase(member="amy") > 0
        for decision, event in made:
            log.append(decision, event)
        with pytest.raises(AuditError, match="CR878"):
            log.erase()
    found, report = verify(read(path))
    assert (codes(found), report.decisions, report.erasures) == ([], len(made), 1)
    last = orjson.loads(read(path).lines[-1])["n"]
    assert all("amy" not in str(texts) for number, texts in texts_of(path).items() if number <= last - 4)


def test_only_in_one_community(tmp_path: Path) -> None:
    path = write(tmp_path, 10)
    with pytest.raises(AuditError, match="CR877"):
        erase(str(path), Wanted(member="amy", community="elsewhere"))
    assert erase(str(path), Wanted(member="amy", community="lane")).texts > 0


def test_what_cannot_be_erased(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="CR878"):
        erase(str(tmp_path / "log"), Wanted())
    with pytest.raises(FileNotFoundError):
        erase(str(tmp_path / "log"), Wanted(event="e1"))
    assert os.listdir(tmp_path) == []
    (tmp_path / "log").touch()
    with pytest.raises(AuditError, match="CR872"):
        erase(str(tmp_path / "log"), Wanted(event="e1"))
    path = write(tmp_path, 5)
    with AuditLog(path, ZONE, key=KEY), pytest.raises(AuditError, match="CR875"):
        erase(str(path), Wanted(event="e1"))


def test_a_large_erasure_is_several_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(erasing, "ENTRIES", 3)
    path = write(tmp_path, 30)
    gone = erase(str(path), Wanted(member="amy"))
    found, report = verify(read(path))
    assert (codes(found), report.erasures) == ([], -(-gone.records // 3))


def test_a_strangers_records_are_not_stumbled_over(tmp_path: Path) -> None:
    path = write(tmp_path, 2)
    with AuditLog(path, ZONE, key=KEY) as log:
        number, hash_ = log.head.number or 0, log.head.hash
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    for body in (
        b'"kind":"decision"', b'"kind":"decision","texts":["%b"],"decision":{"event":{"id":{"text":-1}}}' % (b"0" * 64),
        b'"kind":"decision","texts":[],"people":[1],"decision":%b' % deep,
        b'"kind":"decision","texts":[],"decision":{"x":{"text":99},"event":{"id":{"text":99}}}',
        b'"kind":"erasure","texts":[[1,[77]],[99,[0]]],"note":null', b'"kind":"something"',
    ):  # fmt: skip
        number += 1
        line, hash_ = seal(number, hash_, body)
        with path.open("ab") as file:
            file.write(line + b"\n")
    with pytest.raises(AuditError, match="CR877"):
        erase(str(path), Wanted(member="nobody", event="none"))
    assert erase(str(path), Wanted(event="e0")).texts > 0
