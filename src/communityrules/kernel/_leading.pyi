"""What the words of many rules lead to. See `communityrules.compiler.gathering`."""

from collections.abc import Callable

class Gathering:
    """The twin of `communityrules.compiler.gathering.Gathering`."""

    def __new__(cls, learn: Callable[[str], tuple[str, str, str, str, str] | None], /) -> Gathering:
        """`learn`: tells of a character what it folds to and what it reads as, what it may be taken for, which of all
        these are Chinese, and the one behind it with which it has known ways to be written; None: its words are left
        to Python."""

    def add(self, bit: int, words: tuple[str, ...], /) -> list[str]:
        """Adds the words of a rule; gives those that are left to Python."""

    def put(self, bit: int, words: list[str], repeated: list[str], letters: str, /) -> None:
        """Adds what those lead to."""

    def letters(self) -> str:
        """The Chinese characters of words that may be written in parts."""

    def finish(
        self, splits: dict[str, list[str]], groups: dict[tuple[int, ...], int], /
    ) -> tuple[list[str], list[int], list[str], dict[str, int], dict[str, int], dict[str, int]]: ...
