"""Writing a log: once each, on the disk, from where it was, after any crash."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from audited import KEY, ZONE, Files, codes, decided, events, read, verify, write
from msgspec.structs import replace

from communityrules.wire.audit import records
from communityrules.wire.audit.errors import AuditError
from communityrules.wire.audit.writing import AuditLog


def put(path: Path, files: Files) -> None:
    path.write_bytes(files.log)
    Path(f"{path}.texts").write_bytes(files.texts)


def test_each_decision_is_recorded_once(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    numbers = []
    with AuditLog(path, ZONE, key=KEY) as log:
        for decision, event in decided(events(20)):
            numbers.append(log.append(decision, event))
            assert log.append(decision, event) is None
            assert log.append(decision) is None
        assert log.head.number == len(numbers)
    assert numbers == list(range(1, len(numbers) + 1))
    before = read(path)
    with AuditLog(path, ZONE, key=KEY) as log:
        for decision, event in decided(events(20)):
            assert log.append(decision, event) is None
    assert read(path) == before


def test_the_same_events_and_key_give_the_same_bytes_however_they_are_written(tmp_path: Path) -> None:
    made = []
    for name, batch in (("a", 1), ("b", 7), ("c", 10_000)):
        path = tmp_path / name
        for part in (6, 15, 20):
            with AuditLog(path, ZONE, key=KEY, batch=batch) as log:
                for decision, event in decided(events(part)):
                    log.append(decision, event)
        made.append(read(path))
    assert made[0] == made[1] == made[2]
    other = tmp_path / "d"
    with AuditLog(other, ZONE, key=KEY[::-1]) as log:
        for decision, event in decided(events(20)):
            log.append(decision, event)
    assert read(other).log != made[0].log


def test_a_decision_that_turned_out_otherwise_is_another_record(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    made = [decision for decision, _ in decided(events(3))]
    with AuditLog(path, ZONE, key=KEY) as log:
        for decision in made:
            log.append(decision)
        assert log.append(replace(made[0], late=True)) == len(made) + 1


def test_what_is_appended_is_on_the_disk_at_once(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    log = AuditLog(path, ZONE, key=KEY)
    for decision, event in decided(events(5)):
        log.append(decision, event)
        found, report = verify(read(path))
        assert (found, report.number) == ([], log.head.number)
    log.close()
    log.close()


def test_wherever_a_crash_cuts_the_files_the_same_events_mend_them(tmp_path: Path) -> None:
    whole = read(write(tmp_path, 12))
    path = tmp_path / "cut.jsonl"
    lines, texts = whole.lines, whole.text_lines
    start = len(whole.log) - len(lines[-1]) - len(lines[-2])
    cuts = [(size, len(whole.texts)) for size in range(start, len(whole.log) + 1, 5)]
    cuts += [(size, len(whole.texts)) for size in range(0, len(lines[0]) + 3, 3)]
    for size in range(len(whole.texts) - len(texts[-1]), len(whole.texts), 3):
        # Texts are written first: where some are missing, so is their record.
        cuts.append((len(whole.log) - len(lines[-1]), size))
    made = list(decided(events(12)))
    for log_size, texts_size in cuts:
        put(path, Files(whole.log[:log_size], whole.texts[:texts_size]))
        with AuditLog(path, ZONE, key=KEY, batch=1000) as log:
            mended = log.mended
            for decision, event in made:
                log.append(decision, event)
        assert read(path) == whole, (log_size, texts_size)
        at_line_end = log_size == 0 or whole.log[log_size - 1 : log_size] == b"\n"
        assert (mended == 0) == (at_line_end or whole.log[log_size : log_size + 1] == b"\n")


def test_noise_at_the_end_is_taken_away(tmp_path: Path) -> None:
    path = write(tmp_path, 5)
    whole = read(path)
    put(path, Files(whole.log + b"\x00" * 700, whole.texts + b"\x00" * 90))
    with AuditLog(path, ZONE, key=KEY) as log:
        assert log.mended == 700
    assert read(path) == whole


def test_a_damaged_log_is_not_continued(tmp_path: Path, few: Files) -> None:
    path = tmp_path / "log.jsonl"
    lines = few.lines
    for number, log in (
        (4, b"".join(lines[:4] + lines[5:])),
        (6, few.log.replace(lines[6], lines[6].replace(b'"verdict"', b'"Verdict"'))),
        (9, b"".join([*lines[:9], lines[8], *lines[9:]])),
        (len(lines), few.log + b"\n"),
    ):
        put(path, Files(log, few.texts))
        with pytest.raises(AuditError, match="CR876") as caught:
            AuditLog(path, ZONE, key=KEY)
        assert f"record {number} " in caught.value.diagnostic.text()
        assert read(path) == Files(log, few.texts)


@pytest.mark.parametrize("data", [b"my diary\n", b"my diary", b"\x00" * 3000, b'{"n":0}\n', b'{"n":0,"previous":"1'])
def test_a_file_of_somebody_elses_is_left_alone(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "diary"
    path.write_bytes(data)
    with pytest.raises(AuditError, match="CR872"):
        AuditLog(path, ZONE)
    assert path.read_bytes() == data
    assert os.listdir(tmp_path) == ["diary"]


def test_a_file_without_line_ends_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("communityrules.wire.audit.lines.MAX_LINE", 100)
    path = tmp_path / "long"
    path.write_bytes(b"x" * 5000)
    with pytest.raises(AuditError, match="CR872"):
        AuditLog(path, ZONE)
    assert path.read_bytes() == b"x" * 5000
    assert records.MAX_LINE > 100


def test_one_process_writes_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    with AuditLog(path, ZONE), pytest.raises(AuditError, match="CR875"):
        AuditLog(path, ZONE)
    AuditLog(path, ZONE).close()


def test_without_a_key_one_is_made_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    AuditLog(path, ZONE).close()
    key = Path(f"{path}.key")
    assert len(key.read_bytes()) == 32
    for one in (path, key, Path(f"{path}.texts")):
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
    AuditLog(path, ZONE, key=key.read_bytes()).close()
    with pytest.raises(AuditError, match="CR874"):
        AuditLog(path, ZONE, key=KEY)
    key.unlink()
    with pytest.raises(AuditError, match="CR874"):
        AuditLog(path, ZONE)
    assert not key.exists()
    with pytest.raises(ValueError, match="16 bytes"):
        AuditLog(path, ZONE, key=b"short")


def test_a_disk_that_is_full_leaves_a_log_that_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "log.jsonl"
    made = list(decided(events(6)))
    with AuditLog(path, ZONE, key=KEY) as log:
        log.append(*made[0])
        sound = read(path)
        sync = os.fsync
        monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(OSError, match="No space") as caught:
            log.append(*made[1])
        assert str(caught.value.filename).startswith(str(path))
        assert read(path) == sound
        monkeypatch.setattr(os, "fsync", sync)
        for decision, event in made[1:]:
            log.append(decision, event)
    found, report = verify(read(path))
    assert (codes(found), report.decisions) == ([], len(made))
