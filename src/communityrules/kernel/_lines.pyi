from collections.abc import Callable
from datetime import tzinfo
from typing import Any

class Lines:
    """Writes decisions one after another."""

    def line(self, decision: Any, /) -> bytes:
        """A decision as one line of JSON, with its end."""

def lines(
    zone: tzinfo,
    #: Of which nothing but plain ones are written here.
    decision: type,
    #: The line of any decision.
    whole: Callable[[Any, tzinfo], bytes],
    #: What is written of all instants of a quarter of an hour.
    quarter: Callable[[int, tzinfo], tuple[bytes, int, bytes] | None],
    #: What is written after its time of a plain decision.
    nothing: Callable[[str, Any, str, bool], bytes],
    #: A text in its quotes.
    text: Callable[[str], bytes],
    /,
) -> Lines:
    """What writes decisions as `wire.decisions.Lines` does. TypeError where their class has not the slots it should."""
