"""The tables that seeing through disguise reads. Each is read when first asked for.

`lookalikes`, `traditional`, `parts`, `phrases` and `readings` are derived from other packages (see `deriving`);
`letters`, `otherwise`, `shapes`, `splits` and `standins` are written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files

#: Spellings of a part; the first is what all of them are read as.
PARTS = (
    "人亻⺅", "水氵⺡", "手扌⺘龵", "言讠訁", "金钅釒", "食饣飠", "丝纟糹糸", "心忄⺖", "犬犭⺨", "示礻⺬", "衣衤⻂",
    "草艹⺾艸", "走辶⻌", "耳阝", "刀刂⺉", "文攵攴", "火灬⺣", "贝貝", "车車", "门門", "马馬", "鱼魚", "鸟鳥",
    "页頁", "见見", "竹⺮", "肉⺼", "四罒⺫", "爪爫", "小⺌", "羊⺶", "牛牜", "足⻊", "卜⺊", "王⺩",
)  # fmt: skip


def _lines(name: str) -> Iterator[str]:
    text = files(__package__).joinpath("data").joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


@lru_cache(maxsize=1)
def lookalikes() -> Mapping[str, str]:
    """A letter of any script, or a sign → the small Latin letter or the digit that it is taken for."""
    found: dict[str, str] = {}
    for name in ("lookalikes", "letters"):
        for line in _lines(name):
            plain, _, others = line.partition(" ")
            for one in others:
                found.setdefault(one, plain)
    return found


@lru_cache(maxsize=1)
def close_lookalikes() -> frozenset[str]:
    """Those of them that Unicode lists: they can hardly be told apart."""
    return frozenset(one for line in _lines("lookalikes") for one in line.partition(" ")[2])


@lru_cache(maxsize=1)
def traditional() -> Mapping[str, str]:
    """A traditional or regional form of a Chinese character → the simplified one."""
    pairs = next(_lines("traditional"))
    return dict(zip(pairs[::2], pairs[1::2], strict=True))


@lru_cache(maxsize=1)
def shapes() -> Mapping[str, str]:
    """A Chinese character, or a kana → one of the same shape that stands for all of them."""
    return {one: line[0] for line in _lines("shapes") if not line.startswith("~") for one in line[1:]}


@lru_cache(maxsize=1)
def common_shapes() -> Mapping[str, str]:
    """A Chinese character → others of the same shape that are often written, and not in `shapes`."""
    found: dict[str, str] = {}
    for line in _lines("shapes"):
        if line.startswith("~"):
            for one in line[1:]:
                found[one] = found.get(one, "") + line[1:].replace(one, "")
    return found


@lru_cache(maxsize=1)
def part_forms() -> Mapping[str, str]:
    """A part of a character that is also written otherwise, as `亻` → how the table of parts has it."""
    return {one: spellings[0] for spellings in PARTS for one in spellings[1:]}


@lru_cache(maxsize=1)
def parts() -> Mapping[str, tuple[str, ...]]:
    """A simplified character → the ways it is split into two to four parts."""
    found: dict[str, tuple[str, ...]] = {}
    for name in ("parts", "splits"):
        for line in _lines(name):
            found[line[0]] = (*found.get(line[0], ()), line[1:])
    return found


@lru_cache(maxsize=1)
def standins() -> Mapping[str, str]:
    """An emoji or a sign → the Chinese character that it is written for."""
    found: dict[str, str] = {}
    for line in _lines("standins"):
        for one in line[1:]:
            found.setdefault(one, line[0])
    return found


@lru_cache(maxsize=1)
def readings() -> Mapping[str, tuple[str, ...]]:
    """A simplified character → its syllables without tones, the usual one first."""
    found: dict[str, tuple[str, ...]] = {}
    for name in ("readings", "otherwise"):
        for line in _lines(name):
            sound, _, chars = line.partition(" ")
            for one in chars:
                if sound not in found.get(one, ()):
                    found[one] = (*found.get(one, ()), sound)
    return found


@lru_cache(maxsize=1)
def phrases() -> frozenset[str]:
    """Common Chinese words of two and three characters; what is one of them is not heard as another."""
    found: set[str] = set()
    for size, line in zip((2, 3), _lines("phrases"), strict=True):
        found.update(line[at : at + size] for at in range(0, len(line), size))
    return frozenset(found)
