"""`judge`: every event accounted for, decisions whole, nothing that makes it fall over."""

from __future__ import annotations

import gzip
import io
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from communityrules.wire.schema import decision_schema

Command = Callable[..., Any]
SHARED = Path(__file__).parents[3] / "shared" / "data" / "evasion" / "blns.json"
NAUGHTY = [
    "", " ", "\x00", "\x1b[31mred\x1b[0m", "\u202egnp.exe", "\ufeff", "a" * 5000, "加微信" * 100, "👨\u200d👩\u200d👧",
    "Ω≈ç√∫", "'; DROP TABLE x; --", "{{ 7*7 }}", "%s%n", "null", "true", "1e400", "../../etc/passwd", "\r\n", "\t",
    "ｈｔｔｐ：／／ｘ", "http://a\u200b.example", "\ufdfa", "Z\u0338\u0322a", "\ud83d", "\udc00x", "`$(reboot)`",
    "$HOME", "-0", "\u2028", "\x85", "\u0130", "ß", "\u01c6",
]  # fmt: skip


def counts(ran: Any) -> dict[str, int]:
    found = json.loads(ran.err.strip().splitlines()[-1])
    assert found["read"] == found["judged"] + found["duplicate"] + found["quarantined"]
    return found


def event(**changes: Any) -> dict[str, Any]:
    return {
        "id": "e1", "ts": "2026-06-02T01:00:00Z", "community": "c", "author": "amy", "type": "message", "text": "hi",
        **changes,
    }  # fmt: skip


def write(path: Path, events: list[Any]) -> Path:
    path.write_bytes(b"".join(json.dumps(one).encode("ascii") + b"\n" for one in events))
    return path


def test_every_decision_fits_the_published_schema(command: Command) -> None:
    ran = command("judge", "club.rules", "events.jsonl", "--format", "json", "--until", "2026-06-03")
    validator = Draft202012Validator(decision_schema())
    decisions = [json.loads(line) for line in ran.out.splitlines()]
    for one in decisions:
        validator.validate(one)
    assert ran.status == 1
    assert counts(ran) == {"read": 13, "judged": 9, "duplicate": 1, "quarantined": 3, "late": 1}
    assert [one["verdict"] for one in decisions if one["event"] == "e8"] == ["block"]
    assert [one["event"]["what"] for one in decisions if isinstance(one["event"], dict)] == ["duty", "sanction"]


def test_the_output_file_holds_what_standard_output_would(command: Command, tmp_path: Path) -> None:
    shown = command("judge", "club.rules", "events.jsonl", "--format", "json")
    file = tmp_path / "decisions.jsonl"
    as_json = command("judge", "club.rules", "events.jsonl", "--format", "json", "-o", file)
    assert as_json.out == ""
    assert file.read_text(encoding="utf-8") == shown.out
    file.unlink()
    as_text = command("judge", "club.rules", "events.jsonl", "-o", file)
    assert "rule 1 No advertising" in as_text.out
    assert file.read_text(encoding="utf-8") == shown.out
    assert list(tmp_path.iterdir()) == [file]


def test_a_failed_run_leaves_the_old_file(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text("old")
    ran = command("judge", "club.rules", "nowhere.jsonl", "-o", file)
    assert ran.status == 2
    assert "CR901" in ran.err
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_events_come_from_standard_input_and_gzip(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = command("judge", "club.rules", "events.jsonl", "--format", "json")
    data = Path("events.jsonl").read_bytes()
    packed = tmp_path / "events.jsonl.gz"
    packed.write_bytes(gzip.compress(data))
    assert command("judge", "club.rules", packed, "--format", "json").out == plain.out
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert command("judge", "club.rules", "-", "--format", "json").out == plain.out


def test_a_store_goes_on_where_it_stopped(command: Command, tmp_path: Path) -> None:
    whole = command("judge", "club.rules", "events.jsonl", "--format", "json", "--until", "2026-06-03").out
    lines = Path("events.jsonl").read_bytes().splitlines(keepends=True)
    first, url = tmp_path / "first.jsonl", f"sqlite:///{tmp_path / 'club.db'}"
    first.write_bytes(b"".join(lines[:6]))
    command("judge", "club.rules", first, "--format", "json", "--store", url)
    again = command("judge", "club.rules", "events.jsonl", "--format", "json", "--store", url, "--until", "2026-06-03")
    assert again.out == whole
    assert counts(again)["duplicate"] == 7


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere.rules", "events.jsonl"], "CR901"),
        (["club.rules", "nowhere.jsonl"], "CR901"),
        (["club.rules", "."], "CR902"),
        ([".", "events.jsonl"], "CR902"),
        (["club.rules", "events.jsonl", "--store", "nonsense:"], "CR751"),
        (["club.rules", "events.jsonl", "--until", "tomorrow"], "CR912"),
        (["club.rules", "events.jsonl", "-o", "events.jsonl"], "CR913"),
        (["club.rules", "events.jsonl", "-o", "club.rules"], "CR913"),
        (["club.rules", "events.jsonl", "-o", "."], "CR902"),
        (["club.rules", "events.jsonl", "-o", "no/such/folder/x.jsonl"], "CR906"),
        (["-", "-"], "CR914"),
        (["club.rules", "events.jsonl", "--show", "-3"], "CR911"),
        (["club\x00.rules", "events.jsonl"], "CR901"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_keeps_it_from_running(arguments: list[str], code: str, language: str, command: Command) -> None:
    ran = command("judge", *arguments, "--lang", language)
    assert ran.status == 2
    assert f"[{code}]" in ran.err


def test_a_rulebook_with_errors_is_not_used(command: Command) -> None:
    ran = command("judge", "broken.rules", "events.jsonl")
    assert ran.status == 2
    assert "CR201" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00", b"rulebook \xff\xfe"])
def test_a_binary_file_is_no_rulebook(content: bytes, command: Command, tmp_path: Path) -> None:
    file = tmp_path / "book.rules"
    file.write_bytes(content)
    for arguments in (["judge", file, "events.jsonl"], ["check", file], ["fmt", file], ["test", file]):
        ran = command(*arguments)
        assert ran.status == 2
        assert "[CR904]" in ran.err
    assert file.read_bytes() == content


def test_a_binary_file_is_no_event_file(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"PK\x03\x04" + bytes(100))
    ran = command("judge", "club.rules", file)
    assert ran.status == 2
    assert "[CR810]" in ran.err


def test_no_events_at_all(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(b"")
    ran = command("judge", "club.rules", file, "--format", "json")
    assert ran.status == 0
    assert counts(ran)["read"] == 0


def naughty() -> list[str]:
    return NAUGHTY + (json.loads(SHARED.read_text(encoding="utf-8")) if SHARED.exists() else [])


@pytest.mark.parametrize("form", ["json", "text"])
def test_naughty_strings_in_every_text_field(form: str, command: Command, tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    for number, text in enumerate(naughty()):
        full = {
            "time": "2026-06-02T09:00:00+08:00", "type": "message", "community": "c", "member": {"id": "amy"},
            "message": {"text": "hi"},
        }  # fmt: skip
        events += [
            event(id=f"a{number}", text=text),
            event(id=f"b{number}", author=text),
            event(id=f"c{number}", community=text),
            event(id=f"d{number}", ts=text),
            event(id=f"e{number}", type=text),
            event(id=text),
            {**full, "id": f"f{number}", "channel": text},
            {**full, "id": f"g{number}", "place": text},
            {**full, "id": f"h{number}", "member": {"id": "amy", "name": text, "roles": [text], text: text}},
            {**full, "id": f"i{number}", "message": {"text": text, "topic": text, "labels": {text: text}}},
            {**full, "id": f"j{number}", "message": {"reply_to": text, "attachments": [text], "id": text}},
            {**full, "id": f"k{number}", "target": {"member": text, "message": text, "case": text, "rule": text}},
            {**full, "id": f"l{number}", "type": "feedback", "feedback": {"category": text, text: [text]}, text: text},
        ]
    file = write(tmp_path / "events.jsonl", events)
    ran = command("judge", "club.rules", file, "--format", form, "--until", "2026-06-05", "--show", "all")
    assert ran.status == 1
    assert "CR999" not in ran.err
    if form == "json":
        found = counts(ran)
        assert found["read"] == len(events)
        # Not splitlines(): it also splits at U+2028, which JSON may hold.
        for line in ran.out.rstrip("\n").split("\n"):
            json.loads(line)
    else:
        assert "\x1b" not in ran.out
        assert "\u202e" not in ran.out


def test_random_bytes_as_event_lines(command: Command, tmp_path: Path) -> None:
    rng = random.Random(20240)
    file = tmp_path / "events.jsonl"
    good = json.dumps(event()).encode()
    parts: list[bytes] = []
    for number in range(1500):
        if number % 3 == 0:
            parts.append(rng.randbytes(rng.randrange(1, 80)).replace(b"\n", b"").replace(b"\r", b"") or b"x")
        elif number % 3 == 1:
            # One byte of a good event changed.
            at = rng.randrange(len(good))
            parts.append(good[:at] + bytes([rng.randrange(256)]).replace(b"\n", b" ") + good[at + 1 :])
        else:
            parts.append(json.dumps(event(id=f"n{number}")).encode())
    # The first line decides what kind of file it is.
    file.write_bytes(b"\n".join([good, *parts]) + b"\n")
    ran = command("judge", "club.rules", file, "--format", "json")
    assert "CR999" not in ran.err
    found = counts(ran)
    blank = sum(not part.strip() for part in parts)
    assert found["read"] == len(parts) + 1 - blank
    assert found["judged"] >= 501


def test_other_languages_words_for_types_are_refused_with_the_right_one(command: Command, tmp_path: Path) -> None:
    file = write(tmp_path / "events.jsonl", [event(type="消息")])
    ran = command("judge", "club.rules", file)
    assert ran.status == 1
    assert "[CR805]" in ran.err
    assert "`message`" in ran.err


def test_decisions_are_not_written_over_the_store(command: Command, tmp_path: Path) -> None:
    store = tmp_path / "club.db"
    run = ("judge", "club.rules", "events.jsonl", "--format", "json", "--store", f"sqlite:///{store}")
    for there in (False, True):
        assert store.exists() is there
        ran = command(*run, "-o", f"{tmp_path}/../{tmp_path.name}/club.db")
        assert ran.status == 2
        assert "CR913" in ran.err
        command(*run, "-o", f"{tmp_path}/decisions.jsonl")
    assert store.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_full_disk_is_named(command: Command) -> None:
    for language in ("en", "zh"):
        ran = command("--lang", language, "judge", "club.rules", "events.jsonl", "--format", "json", "-o", "/dev/full")
        assert ran.status == 2
        assert "[CR903]" in ran.err
        assert "`/dev/full`" in ran.err


def summary(ran: Any) -> list[str]:
    """What the text says at its end, without the line that counts events."""
    lines = ran.out.splitlines()
    return lines[lines.index("Rules") : -1]


@pytest.mark.parametrize("store", [None, "club.db"])
def test_each_decision_is_counted_once_however_often_its_event_comes(
    store: str | None, command: Command, tmp_path: Path
) -> None:
    data = Path("events.jsonl").read_bytes()
    twice, again = tmp_path / "twice.jsonl", tmp_path / "again.jsonl"
    twice.write_bytes(data * 2)
    # Each event twice in a row, so that the second comes before the first has been committed.
    again.write_bytes(b"".join(line * 2 for line in data.splitlines(keepends=True)))
    plain = command("judge", "club.rules", "events.jsonl", "--until", "2026-06-03", "--show", "all")
    told = plain.out.splitlines()[:-1]
    assert "Verdicts: 5 allow, 0 flag, 1 hold, 3 block" in told
    for number, file in enumerate((twice, again)):
        url = f"sqlite:///{tmp_path}/{number}.db" if store else "memory:"
        for _ in range(2):
            # Over a store, the second run hands out what the first decided, timers included.
            ran = command("judge", "club.rules", file, "--until", "2026-06-03", "--show", "all", "--store", url)
            assert ran.out.splitlines()[:-1] == told


def test_a_later_run_over_a_store_counts_all_it_tells(command: Command, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/club.db"
    lines = Path("events.jsonl").read_bytes().splitlines(keepends=True)
    first, rest = tmp_path / "first.jsonl", tmp_path / "rest.jsonl"
    first.write_bytes(b"".join(lines[:6]))
    rest.write_bytes(b"".join(lines[6:]))
    whole = command("judge", "club.rules", "events.jsonl", "--until", "2026-06-03")
    found = [
        command("judge", "club.rules", first, "--store", url),
        command("judge", "club.rules", rest, "--store", url, "--until", "2026-06-03"),
    ]
    numbers = [sum(map(int, re.findall(r"\d+", one.out.splitlines()[-2]))) for one in (whole, *found)]
    # One event of the first file comes again in the second, and each run tells it once.
    assert numbers == [9, 6, 4]
    over_again = command("judge", "club.rules", "events.jsonl", "--store", url, "--until", "2026-06-03")
    assert summary(over_again) == summary(whole)


def test_an_id_that_comes_again_with_another_body_takes_nothing_from_the_first(
    command: Command, tmp_path: Path
) -> None:
    other = {**event(), "text": "加微信"}
    file = write(tmp_path / "events.jsonl", [event(text="cheap followers"), other, event(text="cheap followers")])
    for url in ("memory:", f"sqlite:///{tmp_path}/club.db"):
        ran = command("judge", "club.rules", file, "--store", url)
        assert "amy message “cheap followers”" in ran.out
        assert "加微信" not in ran.out
        assert "Verdicts: 0 allow, 0 flag, 0 hold, 1 block" in ran.out
        assert "Events: 3 read = 1 judged + 1 seen before + 1 refused" in ran.out


def test_decisions_as_a_group_may_see_them(command: Command, tmp_path: Path) -> None:
    (tmp_path / "k.rules").write_text(
        'rulebook "K"\n  language en\n'
        'group managers as member.roles has "manager"\ngroup clerks as member.roles has "clerk"\n'
        "confidential complaint.text to managers\n"
        'rule 1\n  must\n  on complaint\n  if message.text contains any of ("broken")\n'
        '  then mask, notify managers with "{message.text}", notify clerks with "A complaint: {message.text}"\n',
        encoding="utf-8",
    )
    events = write(tmp_path / "k.jsonl", [event(type="complaint", text="it is broken, sesame")])
    given = (tmp_path / "k.rules", events)
    whole = command("judge", *given, "--format", "json")
    assert "sesame" in whole.out
    assert command("judge", *given, "--format", "json", "--for", "managers").out == whole.out
    for form in ("text", "json"):
        seen = command("judge", *given, "--format", form, "--for", "clerks")
        assert seen.status == 0
        assert "sesame" not in seen.out
        assert "broken" not in seen.out
        assert "confidential" in seen.out
    (line,) = command("judge", *given, "--format", "json", "--for", "clerks").out.splitlines()
    Draft202012Validator(decision_schema()).validate(json.loads(line))
    Draft202012Validator(decision_schema()).validate(json.loads(whole.out))
    assert "[CR917]" in command("judge", *given, "--for", "clerk").err
