def table(changed: dict[int, int], unusual: str, /) -> bytes:
    """What letters stand for: those that are changed by their numbers, of the rest each for itself. At those that are
    unusual `usual` stops."""

def usual(text: str, start: int, table: bytes, values: dict[int, str], /) -> tuple[str, int]:
    """What stands for a text from a place on, up to the place that is given, too: the end, or an unusual letter, or a
    double quote that does not close on its line or holds a backslash. Notes what quoted texts say by their places."""

def marked(text: str, firsts: list[int], /) -> str:
    """The text with marks before the first words of its lines, whose places are added to the list."""
