"""Ready-made rulebooks that ship with the library: `use "pack:ads"`.

A pack is a folder of `packs/` with two rulebooks that say the same, `ads.rules` in English and `ads.zh.rules` in
Chinese, and the word lists that both read. A rulebook gets the one of its own language. Paths inside a pack begin with
`pack:NAME/` and never leave it.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, Literal

from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.parse import parse

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

PREFIX: Final = "pack:"


@cache
def pack_names() -> tuple[str, ...]:
    """Every pack by name, in the order of the alphabet."""
    folder = _folder()
    return tuple(sorted(one.name for one in folder.iterdir() if one.is_dir() and (one / f"{one.name}.rules").is_file()))


def is_pack(path: str) -> bool:
    """Whether a path names a pack or a file of one."""
    return path.startswith(PREFIX)


def main_file(pack: str, language: Literal["en", "zh"]) -> str:
    """The path of a pack's rulebook in a language: `pack:ads/ads.zh.rules`."""
    return f"{PREFIX}{pack}/{pack}{'.zh' if language == 'zh' else ''}.rules"


def inside(path: str, of: str) -> bool:
    """Whether a path stays in the pack that the file `of` belongs to."""
    return path.startswith(of[: of.index("/") + 1])


@cache
def read_pack_file(path: str) -> Source:
    """A file of a pack by its path. FileNotFoundError when there is none."""
    file = _folder()
    for part in path.removeprefix(PREFIX).split("/"):
        file = file / part
    return Source(path, file.read_bytes().decode("utf-8"))


@cache
def parsed_pack_file(path: str) -> tuple[tree.File, tuple[Diagnostic, ...]]:
    """A file of a pack as `parse` reads it."""
    file, diagnostics = parse(read_pack_file(path))
    return file, tuple(diagnostics)


def _folder() -> Traversable:
    return files("communityrules") / "packs"
