"""Why a pattern cannot be used, in both languages.

Patterns run on an engine whose time grows with the length of the text and never faster, whoever wrote the pattern.
What such an engine cannot do is refused here by reason, with another way to write it where there is one.
"""

from __future__ import annotations

from dataclasses import dataclass

from communityrules.diagnostics.message import Bilingual

#: Reason code → what to tell the writer.
REASONS: dict[str, Bilingual] = {
    "look_ahead": Bilingual(
        "looking ahead (`(?=…)`, `(?!…)`) cannot run in linear time",
        "向前看(`(?=…)`、`(?!…)`)无法在线性时间内运行",
    ),
    "look_behind": Bilingual(
        "looking behind (`(?<=…)`, `(?<!…)`) cannot run in linear time",
        "向后看(`(?<=…)`、`(?<!…)`)无法在线性时间内运行",
    ),
    "back_reference": Bilingual(
        "repeating what a group found (`\\1`) cannot run in linear time",
        "反向引用(`\\1`)无法在线性时间内运行",
    ),
    "atomic_group": Bilingual(
        "atomic groups (`(?>…)`) are not needed: nothing here goes back",
        "不需要原子组(`(?>…)`):这里的匹配不回溯",
    ),
    "possessive": Bilingual(
        "possessive repetition (`a++`) is not needed: nothing here goes back",
        "不需要占有量词(`a++`):这里的匹配不回溯",
    ),
    "condition": Bilingual(
        "conditions and calls (`(?(1)…)`, `(?R)`) cannot run in linear time",
        "条件与递归(`(?(1)…)`、`(?R)`)无法在线性时间内运行",
    ),
    "boundary_beside_wide": Bilingual(
        "`\\b` is the edge of a Latin word or number and never stands right beside Han or other wide letters",
        "`\\b` 是拉丁单词或数字的边界,不能紧挨汉字等宽字符",
    ),
    "unknown_escape": Bilingual("this escape has no meaning here", "此处没有这种转义"),
    "unknown_class": Bilingual("there is no such class of characters", "没有这个字符类"),
    "unknown_flag": Bilingual("of the flags only `i`, `m` and `s` are known", "标志只有 `i`、`m`、`s`"),
    "bad_range": Bilingual("a range of characters runs from the lower to the higher", "字符范围应由小到大"),
    "bad_repeat": Bilingual("there is nothing here to repeat", "此处没有可以重复的内容"),
    "repeat_too_large": Bilingual("repetition is limited to 1000 times in all", "重复总次数不得超过 1000"),
    "unclosed_class": Bilingual("a `[` is not closed", "`[` 没有闭合"),
    "unclosed_group": Bilingual("a `(` is not closed", "`(` 没有闭合"),
    "unopened_group": Bilingual("a `)` closes nothing", "`)` 没有对应的开头"),
    "bad_group": Bilingual("this kind of group is not known", "没有这种分组"),
    "dangling_escape": Bilingual("a `\\` at the end escapes nothing", "末尾的 `\\` 后面没有字符"),
    "too_long": Bilingual("patterns may have 4096 characters at most", "格式最多 4096 个字符"),
    "too_deep": Bilingual("groups may stand 100 deep within each other at most", "分组最多嵌套 100 层"),
    "too_large": Bilingual("the pattern grows too large when it is built", "格式展开后过大"),
}


@dataclass
class PatternRefused(Exception):  # noqa: N818 - it says what happened to the pattern
    """A pattern that cannot be used. `reason` is a key of `REASONS`; `start`, `end` are code points of the pattern."""

    reason: str
    start: int
    end: int
    #: The whole pattern in another way that can run. It finds the same texts; what it marks in them may be longer.
    rewrite: str | None = None
    #: What to write instead where no pattern says the same.
    instead: Bilingual | None = None

    @property
    def position(self) -> int:
        return self.start

    @property
    def text(self) -> Bilingual:
        """The reason in words, and what to write instead where that is known."""
        reason, instead = REASONS[self.reason], self.instead
        if self.rewrite is not None:
            instead = Bilingual(f"write `/{self.rewrite}/`", f"请写 `/{self.rewrite}/`")
        if instead is None:
            return reason
        return Bilingual(f"{reason.en}; {instead.en}", f"{reason.zh};{instead.zh}")
