from collections.abc import Callable
from typing import Any

class Builder:
    """Builds what has a mould, in one source."""

    def __call__(self, start: int, end: int, moulds: dict[str, Any], /) -> Any:
        """What stands there, made by one of the moulds, each its steps, constants and names; None where none of them
        is of its shape, or one of its names must be looked at."""

    def shape(self, start: int, end: int, /) -> str | None:
        """The shape of what stands there; None where it is too long to have one."""

def builder(
    text: str,
    source: Any,
    #: What quoted texts and patterns say, by where they begin.
    values: dict[int, str],
    #: Layouts by the place of what they belong to, which are taken out; and that of all others.
    layouts: dict[int, Any],
    plain: Any,
    span: type,
    #: Names that need no second look, by themselves; and what looks at others.
    harmless: dict[str, str],
    is_harmless: Callable[[str], bool],
    #: What stands in a shape for a word; what a number says.
    kinds: dict[str, str],
    numbers: dict[str, Any],
    #: Letters of a quoted text, of a number and of a name that are not too many.
    limits: tuple[int, int, int],
    /,
) -> Builder:
    """What builds declarations as `language.filling.Filler` does."""
