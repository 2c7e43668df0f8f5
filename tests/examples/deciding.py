"""Worked cases of the cookbook: events, and every decision that a rulebook comes to, as lines of JSON.

`tests/cases/cookbook/NN.jsonl` belongs to `examples/cookbook/NN-name.rules`. Each line is one object:

    {"about": "why what follows is right"}    a remark, anywhere
    {"event": {…}}                            an event in the wire form; `community` is "c" where it is left out
    {"until": "2026-06-10T09:00:00+08:00"}    time passes, this instant included
    {"decision": {…}}                         the next decision: all of it, in short

After an event come first the decisions of the timers that it reached, then its own, which must not be missing. In
short means: `event` is the id, for a timer `{"timer": WHAT}`; `time` stands only for a timer; what is null, false or
empty is left out, and so are `community` where it is "c", `rulebook` and the words of the rules, which are compared
with those of the rulebook itself; of an error stay the rule and its kind.

`python tests/examples/deciding.py FILE` writes the file with what the rulebook decides today in place of the
decisions that stand there, to standard output: to be read line by line before it is believed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from communityrules import Decision, Engine, Rulebook, decision_to_wire, load
from communityrules.checker import checked
from communityrules.checker.scope import RESERVED_RULES

ROOT: Final = Path(__file__).resolve().parents[2]
COOKBOOK: Final = ROOT / "examples" / "cookbook"
CASES: Final = ROOT / "tests" / "cases" / "cookbook"
COMMUNITY: Final = "c"

Line = Mapping[str, Any]


def read(path: Path) -> list[Line]:
    """The lines of a file of cases. ValueError for one that is none."""
    lines: list[Line] = []
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = json.loads(text)
        if not isinstance(line, dict) or len(line) != 1 or not line.keys() <= {"about", "event", "until", "decision"}:
            raise ValueError(f"{path.name}:{number}: one of about, event, until, decision is wanted")
        lines.append(line)
    return lines


def events_of(lines: Iterable[Line]) -> list[dict[str, Any]]:
    """The events of a file of cases, complete."""
    return [{"community": COMMUNITY, **line["event"]} for line in lines if "event" in line]


def decided(rulebook: Rulebook, lines: Iterable[Line], store: str = "memory:") -> Iterator[Line]:
    """The lines with the decisions that the rulebook comes to, in place of those that stand there."""
    with Engine(rulebook, store) as engine:
        for line in lines:
            if "decision" in line:
                continue
            yield line
            if "event" in line:
                found = list(engine.run(events_of([line]), quarantine=_refused))
            elif "until" in line:
                found = list(engine.advance(datetime.fromisoformat(line["until"])))
            else:
                found = []
            yield from ({"decision": in_short(one, rulebook)} for one in found)


def in_short(decision: Decision, rulebook: Rulebook) -> dict[str, Any]:
    """A decision without what is empty and what the rulebook says itself; the latter is checked here."""
    told = decision_to_wire(decision, rulebook.zone)
    if told["community"] == COMMUNITY:
        del told["community"]
    assert told.pop("rulebook") == {"name": rulebook.name, "version": rulebook.version, "digest": rulebook.digest}
    if isinstance(told["event"], str):
        del told["time"]
    else:
        told["event"] = {"timer": told["event"]["what"]}
    for outcome in told["outcomes"]:
        words = (outcome.pop("name"), outcome.pop("content"), outcome.pop("modality"))
        assert outcome["rule"] in RESERVED_RULES or words in _words(rulebook.checked, outcome["rule"]), (outcome, words)
    for failure in told["errors"]:
        # Where the file lies, and what the data know this year, is not the rulebook's.
        del failure["file"], failure["line"]
        failure["error"] = failure["error"].partition(":")[0]
    short: dict[str, Any] = _without_nothing(told)
    return short


def _words(rulebook: checked.Rulebook, rule: str) -> list[tuple[str | None, str, str]]:
    """What each version of a rule says of itself."""
    return [(one.name, one.content, one.modality) for one in rulebook.rules if one.id == rule]


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {name: _without_nothing(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one is not None and one is not False and one not in ([], {})}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value


def _refused(quarantined: Any) -> None:
    raise AssertionError(quarantined.diagnostic.text())


def written(lines: Iterable[Line]) -> str:
    """The lines as they stand in a file."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def book_of(cases: Path) -> Path:
    """The rulebook that a file of cases belongs to."""
    (book,) = (one for one in COOKBOOK.glob(f"{cases.stem}-*.rules") if not one.name.endswith(".zh.rules"))
    return book


if __name__ == "__main__":
    for name in sys.argv[1:]:
        sys.stdout.write(written(decided(load(book_of(Path(name))), read(Path(name)))))
