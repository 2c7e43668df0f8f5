"""What a `use` changes in the file that it names: the dates of its rules, its parameters and its lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from communityrules.checker.report import Reporter
from communityrules.checker.scope import DECLARED_TWICE
from communityrules.checker.suggest import closest
from communityrules.checker.unknown import UNKNOWN_NAME, suggestion
from communityrules.checker.words import KINDS
from communityrules.diagnostics.message import Bilingual, Fix, Message
from communityrules.diagnostics.source import Span
from communityrules.frozen import replace
from communityrules.language import tree
from communityrules.library.fold import fold_text

WRONG_SETTING: Final = Message(
    code="CR717",
    severity="error",
    title=Bilingual("Setting that does not fit", "不合适的设置"),
    text=Bilingual("`{name}` is {kind}, and {wanted}.", "`{name}` 是{kind},{wanted}。"),
    hint=Bilingual(
        'Write `limit = 5` for a parameter, `words + "new"` or `words - "old"` for a list.',
        '参数写作 `上限 = 5`,词表写作 `词表名 + "新词"` 或 `词表名 - "旧词"`。',
    ),
)

USED_ALREADY: Final = Message(
    code="CR718",
    severity="error",
    title=Bilingual("Settings of a file that is used already", "对已引用的文件再作设置"),
    text=Bilingual(
        "`{path}` is used already before this line, so its dates and settings would change nothing.",
        "`{path}` 在此之前已引用,这里的日期和设置不会起作用。",
    ),
    hint=Bilingual("Write them where the file is used first.", "请写在第一次引用它的地方。"),
)

NOT_IN_LIST: Final = Message(
    code="CR719",
    severity="warning",
    title=Bilingual("Word that is not in the list", "词表中没有的词"),
    text=Bilingual(
        "`{word}` is not in the list `{name}`, so it cannot be taken out.", "词表 `{name}` 中没有 `{word}`,无从删去。"
    ),
    hint=Bilingual("Remove it or correct its spelling.", "请删去它或改正写法。"),
)

LEFT_OPEN: Final = Message(
    code="CR720",
    severity="error",
    title=Bilingual("Parameter that is left open", "参数没有取值"),
    text=Bilingual(
        "`{path}` leaves the value of `{name}` to whoever uses it, and none is given here.",
        "`{path}` 把 `{name}` 的值留给引用者决定,而这里没有给出。",
    ),
    hint=Bilingual("Write `use … with {name} = …`.", "请写 `引用 … 附带 {name} = …`。"),
)

NO_VALUE: Final = Message(
    code="CR721",
    severity="error",
    title=Bilingual("Required parameter without a value", "必填的参数没有取值"),
    text=Bilingual(
        "`{name}` is `required`: only a rulebook that uses this file can give it a value.",
        "`{name}` 是 `必填` 的:只有引用本文件的规则手册才能给出它的值。",
    ),
    hint=Bilingual(
        "Write `use … with {name} = …` in a rulebook of your own, or give it a value here.",
        "请在自己的规则手册中写 `引用 … 附带 {name} = …`,或在此处给出值。",
    ),
)

_LISTS_ONLY: Final = Bilingual("words are added only to lists and taken out of them", "只有词表可以增减词")
_TEXTS: Final = Bilingual("its words are texts in quotes, without dates", "词要写在引号里,不带日期")
_NO_FILE: Final = Bilingual("its values are not read from a file", "其值不从文件读取")
_OTHER_TYPE: Final = Bilingual("its values stay of the type that they have", "其值的类型不能改变")
_A_LIST: Final = Bilingual("a list", "词表")
_A_PARAMETER: Final = Bilingual("a parameter", "参数")

#: The lines of a file of words with their places; None after an error.
Lines = Callable[[tree.Text], list[tuple[str, Span]] | None]


def dated(used: Iterable[tree.Declaration], node: tree.Use) -> list[tree.Declaration]:
    """The declarations of a used file, its rules within the dates of the `use`."""
    if node.start is None and node.end is None:
        return list(used)
    found: list[tree.Declaration] = []
    for one in used:
        if isinstance(one, tree.Rule | tree.Table):
            clauses = [clause for clause in one.clauses if not isinstance(clause, tree.Effective)]
            own = next((clause for clause in one.clauses if isinstance(clause, tree.Effective)), None)
            one = replace(one, clauses=(*clauses, _narrowed(own, node)))
        found.append(one)
    return found


def _narrowed(own: tree.Effective | None, node: tree.Use) -> tree.Effective:
    """The time of a rule and the time of the `use`, as far as both hold."""
    starts = [one for one in (own.start if own is not None else None, node.start) if one is not None]
    ends = [one for one in (own.end if own is not None else None, node.end) if one is not None]
    return tree.Effective(
        max(starts, key=lambda one: one.value, default=None),
        min(ends, key=lambda one: one.value, default=None),
        node.span,
    )


def left_open(declarations: Iterable[tree.Declaration]) -> list[tree.Name]:
    """The names of the parameters that have no value yet."""
    return [one.name for one in declarations if isinstance(one, tree.ParameterDeclaration) and not one.values]


class Settings:
    """Puts the settings of one `use` into the declarations of its file."""

    def __init__(self, report: Reporter, lines: Lines) -> None:
        self._report = report
        self._lines = lines

    def apply(
        self,
        used: list[tree.Declaration],
        settings: Sequence[tree.Setting],
        other_names: Callable[[], dict[str, str]],
    ) -> None:
        """Changes `used` in place; what does not fit is reported.

        `other_names` gives, when asked, names of the pack's file in the other language → the same in this one.
        """
        places = {
            one.name.text: place
            for place, one in enumerate(used)
            if isinstance(one, tree.ParameterDeclaration | tree.ListDeclaration)
        }
        replaced: dict[str, tree.Setting] = {}
        for setting in settings:
            name = setting.name.text
            if name not in places:
                name = other_names().get(name, name)
            if name not in places:
                near = closest(name, places)
                fix = Fix(setting.name.span, near) if near is not None else None
                known = suggestion(near, list(places), KINDS["parameter"])
                kind = KINDS["parameter or list"]
                self._report.add(UNKNOWN_NAME, setting.name.span, fix=fix, name=name, kind=kind, suggestion=known)
                continue
            first = replaced.setdefault(name, setting) if setting.operator == "=" else setting
            if first is not setting:
                self._report.add(
                    DECLARED_TWICE,
                    setting.name.span,
                    kind=KINDS["parameter or list"],
                    name=name,
                    line=str(first.span.line),
                    file=first.span.source.name,
                )
                continue
            node = used[places[name]]
            changed = (
                self._list(node, setting) if isinstance(node, tree.ListDeclaration) else self._value(node, setting)
            )
            if changed is not None:
                used[places[name]] = changed

    def _value(self, node: tree.Declaration, setting: tree.Setting) -> tree.Declaration | None:
        assert isinstance(node, tree.ParameterDeclaration)
        if setting.operator != "=" or setting.file is not None:
            wanted = _LISTS_ONLY if setting.operator != "=" else _NO_FILE
            self._wrong(setting, _A_PARAMETER, wanted)
            return None
        kinds = {type(one.value) for one in (*node.values, *setting.values)}
        if len(kinds) > 1:
            self._wrong(setting, _A_PARAMETER, _OTHER_TYPE)
            return None
        return replace(node, values=setting.values)

    def _list(self, node: tree.ListDeclaration, setting: tree.Setting) -> tree.Declaration | None:
        words = self._words(setting)
        if words is None:
            return None
        if setting.operator == "=":
            return replace(node, items=words, file=None)
        items = node.items
        if node.file is not None:
            items = _texts(self._lines(node.file) or ())
        if setting.operator == "+":
            return replace(node, items=(*items, *words), file=None)
        key = str if node.exactly else fold_text
        held = {key(one.value) for one in items}
        for one in words:
            if key(one.value) not in held:
                self._report.add(NOT_IN_LIST, one.span, word=one.value, name=node.name.text)
        gone = {key(one.value) for one in words}
        return replace(node, items=tuple(one for one in items if key(one.value) not in gone), file=None)

    def _words(self, setting: tree.Setting) -> tuple[tree.Text, ...] | None:
        if setting.file is not None:
            lines = self._lines(setting.file)
            return _texts(lines) if lines is not None else None
        words = tuple(one.value for one in setting.values if isinstance(one.value, tree.Text) and one.start is None)
        if len(words) == len(setting.values):
            return words
        self._wrong(setting, _A_LIST, _TEXTS)
        return None

    def _wrong(self, setting: tree.Setting, kind: Bilingual, wanted: Bilingual) -> None:
        self._report.add(WRONG_SETTING, setting.span, name=setting.name.text, kind=kind, wanted=wanted)


def _texts(lines: Iterable[tuple[str, Span]]) -> tuple[tree.Text, ...]:
    return tuple(tree.Text(line, span) for line, span in lines)


def names_of_knobs(declarations: Iterable[tree.Declaration]) -> list[str]:
    """Parameters, then lists, each in the order of the text: the same place in both languages of a pack."""
    kinds = (tree.ParameterDeclaration, tree.ListDeclaration)
    found = list(declarations)
    return [one.name.text for kind in kinds for one in found if isinstance(one, kind)]
