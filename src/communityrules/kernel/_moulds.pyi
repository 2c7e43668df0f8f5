from collections.abc import Callable
from typing import Any

class Builder:
    """Builds the declarations of one source that have a mould."""

    def __call__(self, start: int, end: int, /) -> Any:
        """The declaration that stands there; None where it has no mould, or one of its names must be looked at."""

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
    #: Names that need no second look, by themselves; and what looks at others, and adds them there.
    harmless: dict[str, str],
    is_harmless: Callable[[str], bool],
    #: What stands in a shape for a word; what a number says.
    kinds: dict[str, str],
    numbers: dict[str, Any],
    #: Moulds by shape: their steps, constants and names.
    moulds: dict[str, Any],
    #: Letters of a quoted text, of a number and of a name that are not too many.
    limits: tuple[int, int, int],
    /,
) -> Builder:
    """What builds declarations as `language.filling.Filler` does."""
