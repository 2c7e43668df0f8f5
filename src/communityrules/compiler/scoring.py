"""Calling the functions that give scores: at most once for a message, and only where no label came with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import local
from typing import Any

from communityrules.compiler.reasons import reason_of
from communityrules.library.declare import Score
from communityrules.library.scores import ERROR, MODEL, VERSION, Scored, ScoreError, settled
from communityrules.model.event import Event, Message
from communityrules.model.values import Value


class Scorer:
    """The scores of one evaluator. What was given last is kept for the next rule that reads it, thread by thread."""

    def __init__(self, scores: Mapping[str, Score], on_score: Callable[[Scored], None] | None = None) -> None:
        self._scores = scores
        self._on_score = on_score
        self._last = local()

    def of(self, name: str, event: Event, message: Message | None) -> Value:
        """The value of a score; None without a message. ScoreError when its function failed, now or when it
        was recorded."""
        declared = self._scores[name]
        about: Any = event if declared.of == "event" else message
        if about is None:
            return None
        failed = message.labels.get(f"{name}{ERROR}") if message is not None else None
        if failed is None:
            last: dict[str, tuple[object, Value, str | None]] = self._last.__dict__
            known = last.get(name)
            if known is None or known[0] is not about:
                known = last[name] = self._ask(declared, event, about)
            _, value, failed = known
            if failed is None:
                return value
        # One for each rule that reads it: where it came from is where that rule stands.
        raise ScoreError(f"{name}: {failed}")

    def _ask(self, declared: Score, event: Event, about: Any) -> tuple[object, Value, str | None]:
        value, failed = None, None
        try:
            value = settled(declared, declared.run(about if declared.of == "event" else about.text))
        except Exception as error:  # noqa: BLE001  # whatever a host's function raises harms the rules that read it
            failed = reason_of(error)
        if self._on_score is not None:
            self._on_score(
                Scored(event.id, event.community, declared.names.en, value, declared.model, declared.version, failed)
            )
        return about, value, failed

    def source(self, name: str, labels: Mapping[str, Value]) -> tuple[str, str] | None:
        """The model and version that gave a label which was read; None where nobody said."""
        if labels.get(name) is None:
            declared = self._scores.get(name)
            return None if declared is None else (declared.model, declared.version)
        model, version = labels.get(f"{name}{MODEL}"), labels.get(f"{name}{VERSION}")
        return (str(model), str(version)) if model is not None and version is not None else None
