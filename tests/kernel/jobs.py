"""What the kernel is asked to do, over and over: for seeing that nothing is left behind, and what comes of it where
there is no more memory.

    python tests/kernel/jobs.py NAME

does one of them with each of its allocations failing in turn. Whatever is raised then is that there was no memory, or
says what it is; the process must not come to harm, and afterwards all is done as before.
"""

from __future__ import annotations

import gc
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from communityrules import loads
from communityrules.checker import canonical
from communityrules.diagnostics.source import Source
from communityrules.engine.engine import Engine
from communityrules.engine.errors import EventError
from communityrules.kernel import native
from communityrules.language.parse import parse
from communityrules.model.decision import Decision, RulebookRef
from communityrules.wire.usual import in_c

RULES = """rulebook "Jobs"
member (rank: text, score: number)
rule a
  must not
  on message
  if count(message by member within 10 minutes) > 3
  then remind
rule b
  must not
  on message
  if message.text contains "casino" and count(message by member and message.text within 1 hour) >= 1
  then flag
rule c
  must not
  on message
  if message.text matches /free +gift/ or member.rank is "guest"
  then label hasty for 1 hour
"""
BODY: dict[str, Any] = {
    "community": "c", "type": "message", "time": "2026-05-01T12:00:00Z", "id": "e",
    "member": {"id": "amy", "rank": "guest", "score": 2.5, "roles": ["a", "b"], "joined": "2020-01-01T00:00:00Z"},
    "message": {"id": "m", "text": "free  gift at the casino, 免费", "labels": {"kind": "é"}, "attachments": ["x"]},
    "more": "said",
}  # fmt: skip
LINE = (
    '{"community":"c","type":"message","time":"2026-05-01T12:00:00Z","id":"e\\u00e9","member":{"id":"amy","rank":"guest",'
    '"score":1.5},"message":{"id":"m","text":"hi \\"you\\" 消息","attachments":["a","b"]},"more":"\\ud83d\\ude00"}'
).encode()


def _reading() -> Callable[[], object]:
    reader = in_c(loads(RULES).events)
    assert reader is not None

    def job() -> object:
        assert reader.body({**BODY, "wrong": object()}) is None
        assert reader.line(LINE[:-9]) is None
        found = reader.body(BODY), reader.line(LINE)
        assert None not in found
        return found

    return job


def _judging(store: str) -> Callable[[], object]:
    rulebook = loads(RULES)
    said = 0

    def job() -> object:
        nonlocal said
        engine = Engine(rulebook, store)
        found: list[Any] = []
        for member in ({"id": "amy", "rank": "guest"}, {"id": "amy", "rank": "host"}, {"id": "bob"}, {"id": "bob"}) * 2:
            said += 1
            body = {**BODY, "id": f"e{said}", "member": member, "time": f"2026-05-01T12:{said % 60:02}:00Z"}
            try:
                found.append(engine.judge(body))
            except EventError as error:
                found.append(error)
        found += engine.run([{**BODY, "id": "of a stream", "member": {"id": "cat"}, "time": "2026-05-02T12:00:00Z"}])
        engine.close()
        return found

    return job


def _keeping() -> Callable[[], object]:
    folder = TemporaryDirectory()
    job = _judging(f"sqlite:///{folder.name}/kept.db")

    def kept() -> object:
        found = job()
        for file in Path(folder.name).iterdir():
            file.unlink()
        return found

    return kept


def _sifting() -> Callable[[], object]:
    kernel: Any = native("sifting")
    words = [f"word{one}" for one in range(60)] + ["消息", "x"]

    def job() -> object:
        made = kernel.Words(words, [one % 7 for one in range(len(words))], tuple((one, one + 9) for one in range(7)))
        return made.left("some words: word7, word11 and 消息" * 40), loads(RULES)

    return job


def _lines() -> Callable[[], object]:
    kernel: Any = native("lines")
    lines = kernel.lines(
        None,
        Decision,
        lambda decision, _: repr(decision).encode(),
        lambda number, _: (f"at {number} ".encode(), 900, b"Z") if number % 5 else None,
        lambda *said: repr(said).encode(),
        lambda text: repr(text).encode(),
    ).line
    at = 0

    def job() -> object:
        nonlocal at
        at = (at + 900_000_000) % 9_000_000_000
        books = RulebookRef("b", None, "d" * 9), RulebookRef("é", "1", "d")
        return [
            lines(Decision(event, at + one, "c", book, "allow", late=True))
            for one, event in enumerate(("m", "é", 'a"b'))
            for book in books
        ]

    return job


def _canonical() -> Callable[[], object]:
    rulebook = loads(RULES).checked
    return lambda: canonical.text_of(rulebook)


def _moulds() -> Callable[[], object]:
    at = 0

    def job() -> object:
        nonlocal at
        at += 1
        text = "".join(RULES[RULES.index("rule a") :].replace("rule ", f"rule n{one}x{at % 3}") for one in range(4))
        return parse(Source("x", f'rulebook "Jobs"\n{text}'))

    return job


def _tables() -> Callable[[], object]:
    kernel: Any = native("turning")

    def job() -> object:
        cells, notes, instants = kernel.Cells(), kernel.Notes(), kernel.quick(type("Instants", (), {}))()
        for one in range(60):
            cells[f"u{one}", "said"] = one
            notes.append(((f"u{one}", "said"), None, cells))
            instants.append(one)
        del instants[:50]
        told = list(cells.items()), cells.values(), list(cells), notes[3], notes.pop(), instants[1:9]
        cells.pop(("u7", "said"), None)
        del cells["u8", "said"]
        return told

    return job


JOBS: dict[str, Callable[[], Callable[[], object]]] = {
    "reading": _reading, "judging": lambda: _judging("memory:"), "keeping": _keeping,
    "sifting": _sifting, "lines": _lines, "canonical": _canonical, "moulds": _moulds, "tables": _tables,
}  # fmt: skip


def left_behind(job: Callable[[], object], rounds: int) -> int:
    """How many bytes more there are after so many rounds."""
    tracemalloc.start()
    try:
        # Twice, as what is remembered of a rulebook goes with it when the collector comes by, and stays then.
        for _ in range(2):
            for _ in range(3):
                job()
            gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(rounds):
            job()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def without_memory(job: Callable[[], object], most: int, step: int) -> int:
    """Has allocations fail, one at a time; how many did so that it was told of."""
    import _testcapi  # type: ignore[import-not-found]  # CPython's own, which not every build has

    told = 0
    for failing in range(0, most, step):
        _testcapi.set_nomemory(failing, failing + 1)
        try:
            job()
        except (MemoryError, EventError):
            told += 1
        except BaseException as error:
            # How what others wrote in Rust gives up, which rules with patterns use.
            if type(error).__name__ != "PanicException":
                raise
            told += 1
        finally:
            _testcapi.remove_mem_hooks()
    gc.collect()
    return told


if __name__ == "__main__":
    asked = JOBS[sys.argv[1]]()
    for _ in range(3):
        asked()
    assert without_memory(asked, int(sys.argv[2]), int(sys.argv[3])) > 0
    asked()
