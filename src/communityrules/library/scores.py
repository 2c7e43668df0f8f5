"""Scores: functions of a host that give a message a number, a flag or a word, and the models behind them.

    @score("toxicity", model="tiny-toxic", version="3")
    def toxicity(text: str) -> float: ...

    rulebook = load("community.rules", extensions=[toxicity], on_score=log.append)

A rule reads a score like any label, `message.labels.toxicity >= 0.9`. A label that came with the event is used as it
is; only where there is none is the function called, at most once for a message, and only when a rule gets as far as
reading it. What it gave is told as `Scored`. Put into the events that it was told of (`give_scores`), it makes them
give the same decisions again without the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from math import isfinite
from numbers import Real
from typing import Any, Final, Literal

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass
from communityrules.library.declare import Names, Score
from communityrules.model.values import BOOLEAN, NUMBER, TEXT, Type, Value

#: Behind the name of a score, the labels that say which model gave it, and why it could not.
MODEL: Final = ".model"
VERSION: Final = ".version"
ERROR: Final = ".error"
#: How long a word may be that a score gives, in code points.
MAX_WORD: Final = 200
#: How far from 0 a number may be.
MAX_NUMBER: Final = 10**15

#: Halves of a pair, which no event can carry.
_LONE: Final = re.compile("[\ud800-\udfff]")

_TYPES: Final[Mapping[str, Type]] = {"number": NUMBER, "boolean": BOOLEAN, "text": TEXT}
_NO_DOC: Final = Bilingual("A score of the host's.", "平台给出的评分。")


class ScoreError(Exception):
    """A score could not be had: its function failed, or gave something else than it promised. Says which and what."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What a function gave for one message, or that it failed."""

    #: The id of the event that was judged.
    event: str
    community: str
    #: The score's canonical name.
    name: str
    #: None when it failed.
    value: Value
    model: str
    version: str
    #: What it raised.
    error: str | None = None

    def labels(self) -> dict[str, Any]:
        """The labels of a message that stand for it: JSON values."""
        value = float(self.value) if isinstance(self.value, Decimal) else self.value
        given = {self.name: value} if self.error is None else {f"{self.name}{ERROR}": self.error}
        return {**given, f"{self.name}{MODEL}": self.model, f"{self.name}{VERSION}": self.version}


def score(
    name: str,
    *,
    model: str,
    version: str,
    zh: str | None = None,
    doc: Bilingual = _NO_DOC,
    gives: Literal["number", "boolean", "text"] = "number",
    of: Literal["text", "event"] = "text",
) -> Callable[[Callable[[Any], object]], Score]:
    """Declares a function as a score. It is handed the text of the message, or the whole `Event`.

    `name` is what rules write after `message.labels.`, `zh` its Chinese spelling. The function must be pure as far as
    one version of its model is.
    """

    def declared(run: Callable[[Any], object]) -> Score:
        return Score(Names(name, zh or name), doc, model, version, run, _TYPES[gives], of)

    return declared


def settled(declared: Score, given: object) -> Value:
    """What a function gave, as a label of that value would be read from an event. ScoreError when it is none."""
    kind = declared.returns.kind
    if kind == "boolean":
        if given is True or given is False:
            return given
    elif kind == "text":
        if isinstance(given, str) and len(given) <= MAX_WORD and not _LONE.search(given):
            return str(given)
    elif not isinstance(given, bool):
        if isinstance(given, int) and -MAX_NUMBER <= given <= MAX_NUMBER:
            return int(given)
        if isinstance(given, Real | Decimal) and not isinstance(given, int):
            number = float(given)
            if isfinite(number) and -MAX_NUMBER < number < MAX_NUMBER:
                # By its shortest text, as numbers of events are.
                return int(number) if number.is_integer() else Decimal(repr(number))
    raise ScoreError(f"it gave {_shown(given)}, which is no {kind}")


def _shown(given: object) -> str:
    if isinstance(given, str):
        return f"a text of {len(given)} characters"
    if isinstance(given, int) and abs(given) > MAX_NUMBER:
        return f"a number of {given.bit_length()} bits"
    return repr(given)[:60] if isinstance(given, int | float | Decimal | None) else f"a {type(given).__name__}"


def give_scores(event: Mapping[str, Any], scores: Iterable[Scored]) -> dict[str, Any]:
    """An event as JSON with the scores that were told of it: judged again, it asks no model for them.

    Scores of other events are left out; labels that the event has already stay as they are.
    """
    given: dict[str, Any] = {}
    for one in scores:
        if one.event == event.get("id") and one.community == event.get("community"):
            given.update(one.labels())
    if not given:
        return dict(event)
    message = event.get("message")
    if message is None:
        # The flat form has its text beside the envelope, and no place for labels.
        raise ValueError("scores go to events whose message is an object")
    return {**event, "message": {**message, "labels": {**given, **(message.get("labels") or {})}}}
