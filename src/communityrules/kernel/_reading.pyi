from decimal import Decimal
from typing import Any, Final

#: A declared field: its name, and what it holds: id, text, number, boolean, instant texts, or what is left to Python.
_Pair = tuple[str, str]

#: Fields that one object may have, those that each has among them.
MOST_FIELDS: Final[int]

class Reader:
    """Reads events by the types of one rulebook."""

    def __new__(
        cls,
        #: Name, whether it is a message of its own, and fields of each type of event.
        kinds: tuple[tuple[str, bool, tuple[_Pair, ...]], ...],
        member: tuple[_Pair, ...],
        message: tuple[_Pair, ...],
        #: The classes Event, Member, Message, Target and Decimal, and what stands where there is no target.
        made: tuple[type, type, type, type, type[Decimal], Any],
        #: Code points of an id and of a text, items of a list, bytes of a body; size of a number; first and last year.
        bounds: tuple[int, int, int, int, int, int, int],
    ) -> Reader: ...
    def body(self, given: dict[str, Any], /) -> Any:
        """The event of a dictionary, or None when it is anything unusual."""

    def line(self, line: bytes, /) -> Any:
        """The event of one line of JSON, or None when it is anything unusual."""

def digest_of(written: bytes, /) -> str:
    """The digest of a body in its canonical JSON: 16 hexadecimal characters."""
