"""The steps of seeing through disguise, each with its name in both languages and what it undoes.

The first four are done to every text that is compared (`library.fold`). The others are looked for where a list of
words asks, and every hit of theirs is checked against the original text (`checking`). A writer switches a step off
with `without`, and on with `seeing` where it is off by itself.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass
from communityrules.library.declare import Names, Step

INVISIBLE = Step(
    Names("invisible", "隐形字符"),
    Bilingual(
        "Removes what nobody sees: zero-width characters, joiners, direction marks, controls.",
        "去掉看不见的字符:零宽字符、连接符、方向标记、控制符。",
    ),
    ("加\u200b微\u200b信", "加微信"),
)
WIDTH = Step(
    Names("width", "全半角"),
    Bilingual("Undoes full-width and compatibility forms.", "还原全角和兼容字符。"),
    ("ＶＸ", "vx"),
)
CASE = Step(Names("case", "大小写"), Bilingual("Undoes capitals.", "不分大小写。"), ("FREE", "free"))
MARKS = Step(
    Names("marks", "附加符号"),
    Bilingual("Removes accents and marks piled on characters.", "去掉重音符和堆叠在字上的符号。"),
    ("i\u0336d\u0336i\u0336o\u0336t\u0336", "idiot"),
)
SEPARATORS = Step(
    Names("separators", "间隔"),
    Bilingual(
        "Skips spaces, punctuation, emoji and other signs between the characters of a word. Words of scripts that put "
        "spaces between words never run together: `pass hit` holds no `shit`.",
        "跳过词中各字之间的空格、标点、表情等符号。以空格分词的文字不会连读:`pass hit` 里没有 `shit`。",
    ),
    ("加.微~信", "加微信"),
)
LOOKALIKES = Step(
    Names("lookalikes", "形近字母"),
    Bilingual(
        "Takes letters of other scripts for the Latin letters that they look like.",
        "把其他文字中形似的字母当作拉丁字母。",
    ),
    ("саsіnо", "casino"),
)
TRADITIONAL = Step(
    Names("traditional", "繁简"),
    Bilingual("Takes traditional and regional characters for simplified ones.", "不分繁体、异体与简体。"),
    ("刷單", "刷单"),
)
LEET = Step(
    Names("leet", "数字代字母"),
    Bilingual("Reads digits and signs as the letters that they stand for.", "把代替字母的数字和符号读作字母。"),
    ("1d10t", "idiot"),
)
PARTS = Step(
    Names("parts", "拆字"),
    Bilingual("Puts Chinese characters together that were split into parts.", "把拆开的汉字合起来。"),
    ("力口微信", "加微信"),
)
SHAPES = Step(
    Names("shapes", "形近字"),
    Bilingual("Takes Chinese characters for others of the same shape.", "把形近的汉字当作同一个字。"),
    ("加薇信", "加微信"),
)
STANDINS = Step(
    Names("standins", "表情代字"),
    Bilingual("Reads emoji and signs that stand for a character.", "把代替汉字的表情和符号读作汉字。"),
    ("➕微信", "加微信"),
)
REPEATS = Step(
    Names("repeats", "叠字"),
    Bilingual("Takes characters written several times for one.", "把重复多遍的字当作一个。"),
    ("freeeee", "free"),
)
HOMOPHONES = Step(
    Names("homophones", "谐音"),
    Bilingual(
        "Takes Chinese characters, pinyin and digits for others of the same sound, whatever the tone. Weak evidence, "
        "and off by itself.",
        "把同音(不论声调)的汉字、拼音和数字当作同一个字。证据较弱,默认不用。",
    ),
    ("家威欣", "加微信"),
    usual=False,
    weak=True,
)

#: All of them, in the order in which they are done and told.
STEPS: tuple[Step, ...] = (
    INVISIBLE, WIDTH, CASE, MARKS, SEPARATORS, LOOKALIKES, TRADITIONAL, LEET, PARTS, SHAPES, STANDINS, REPEATS,
    HOMOPHONES,
)  # fmt: skip
#: The names of the steps that are done unless a writer says otherwise.
USUAL = frozenset(step.names.en for step in STEPS if step.usual)
#: The names of those that `library.fold` does.
FOLDED = frozenset(step.names.en for step in STEPS[:4])


#: How words stand: `words` by themselves where their script puts spaces between words, `whole` by themselves in every
#: script, or `anywhere`.
Edges = Literal["words", "whole", "anywhere"]


@dataclass(frozen=True, slots=True)
class Seeing:
    """How words are looked for: the names of the steps that are done, and how words must stand."""

    steps: frozenset[str] = USUAL
    edges: Edges = "words"

    @property
    def folds(self) -> bool:
        """Whether all is done that `library.fold` does."""
        return self.steps >= FOLDED

    @property
    def homophones(self) -> bool:
        return HOMOPHONES.names.en in self.steps


AS_USUAL: Final = Seeing()


@lru_cache(maxsize=4096)
def told(steps: frozenset[str]) -> str:
    """How a word was seen, as evidence tells it: the names of the steps beyond folding, `separators, leet`."""
    if steps <= FOLDED:
        return ""
    return ", ".join(step.names.en for step in STEPS[4:] if step.names.en in steps)
