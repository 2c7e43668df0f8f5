"""A plain list as a rulebook: the list, and a rule that acts on it."""

from __future__ import annotations

from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.library.fold import fold_text
from communityrules.tables import making, regexes
from communityrules.tables.carried import PLAIN, Account, Carried, Grade, filled, short
from communityrules.tables.errors import NOTHING_FOUND
from communityrules.tables.imported import Imported
from communityrules.tables.lists import LONGEST, Item, Kind, entries, is_domain
from communityrules.tables.reading import refused

#: What the rule does; `nothing`: there is no rule.
Then = Literal["flag", "hold", "delete", "nothing"]

_NAMES: Final[dict[Kind, Bilingual]] = {
    "words": Bilingual("listed_words", "导入词"),
    "patterns": Bilingual("listed", "导入格式"),
    "domains": Bilingual("listed_domains", "导入域名"),
}
_RULE: Final[dict[Kind, Bilingual]] = {
    "words": Bilingual("Words of the list", "词表中的词"),
    "patterns": Bilingual("Patterns of the list", "列表中的格式"),
    "domains": Bilingual("Links of the list", "列表中的链接"),
}
_ONE: Final[dict[Kind, str]] = {"words": "word", "patterns": "pattern", "domains": "domain"}
_WANTED: Final = Bilingual("words, patterns or domains", "词、格式或域名")
_LOOKED: Final = Bilingual(
    "Looked for one entry a line; `--as` says what they are.", "按每行一条查找;可用 `--as` 说明内容是什么。"
)
_WEIGHT: Final = Bilingual("its number {weight} is left out", "所带数字 {weight} 未保留")
_AGAIN: Final = Bilingual("the same as on line {line}", "与第 {line} 行相同")
_NO_DOMAIN: Final = Bilingual("it names no host", "不是主机名")
_WILD: Final = Bilingual("the domain itself counts, too", "该域名本身也算在内")
_OFF: Final = Bilingual("it is switched off in the file", "在文件中已停用")
_MEMBER: Final = Bilingual("it means a member, not a text", "所指的是成员,不是文字")
_NOTHING: Final = Bilingual("nothing of it can be looked for", "其中没有可查找的内容")
_TOO_LONG: Final = Bilingual("it is longer than {most} characters", "超过 {most} 字")
_LEFT: Final = Bilingual("line {line}, `{value}`: {why}", "第 {line} 行 `{value}`:{why}")
_LINE: Final = Bilingual("line {line}", "第 {line} 行")


def import_list(text: str, file: str, language: Language, title: str, kind: Kind | None, then: Then) -> Imported:
    """The rulebook of a list. `Refused` when nothing stands in it."""
    kind, items = entries(text, kind)
    account = Account()
    kept, lost = _kept(kind, items, account)
    if not kept and not lost:
        raise refused(NOTHING_FOUND, file=file, wanted=_WANTED, looked=_LOOKED)
    name = _NAMES[kind].fill(language, {})
    declared: list[tree.Declaration] = []
    conditions: list[tree.Expression] = []
    if kind == "patterns":
        for number, (item, said) in enumerate(kept, start=1):
            called = f"{name}_{number}"
            after = _LINE.fill(language, {"line": str(item.line)})
            declared.append(making.pattern(called, said, making.layout(after=after)))
            conditions.append(making.predicate(making.path("message.text"), "matches", making.path(called)))
    elif kept:
        declared.append(making.word_list(name, (said for _, said in kept)))
        where = "message.links" if kind == "domains" else "message.text"
        conditions.append(making.predicate(making.path(where), "contains_any", making.path(name)))
    head = tree.Header(
        making.text(title), (tree.HeaderEntry("language", making.name(language), making.NOWHERE),), making.NOWHERE
    )
    todos = [_LEFT.fill(language, {"line": str(one.line), "value": short(one.text), "why": why}) for one, why in lost]
    rules = _rule(kind, then, conditions, todos, language)
    return Imported(tree.File((head, *declared, *rules), (), making.NOWHERE, language), account)


def _rule(
    kind: Kind, then: Then, conditions: list[tree.Expression], todos: list[str], language: Language
) -> list[tree.Declaration]:
    if then == "nothing" and not todos:
        return []
    clauses: list[tree.Clause] = [tree.Modality("must_not", making.NOWHERE)]
    if conditions and then != "nothing":
        clauses.append(tree.OnEvents((making.name("message"), making.name("edit")), making.NOWHERE))
        clauses.append(tree.If(making.either(*conditions), making.NOWHERE))
        action = making.action("hold", making.path("staff")) if then == "hold" else making.action(then)
        clauses.append(tree.Then((action,), making.NOWHERE))
    clauses += [tree.Todo(making.text(one), making.NOWHERE) for one in todos]
    name = making.text(_RULE[kind].fill(language, {}))
    return [tree.Rule(making.rule_id("1"), name, tuple(clauses), making.NOWHERE)]


def _kept(
    kind: Kind, items: list[Item], account: Account
) -> tuple[list[tuple[Item, str]], list[tuple[Item, Bilingual]]]:
    """What goes into the rulebook, each once, as it is spelt there; and what cannot. All is in the account."""
    kept: list[tuple[Item, str]] = []
    lost: list[tuple[Item, Bilingual]] = []
    seen: dict[object, int] = {}
    for item in items:
        said = _said(kind, item)
        if isinstance(said, Bilingual):
            if said not in (_OFF, _MEMBER):
                lost.append((item, said))
            _tell(account, kind, item, "not", said)
            continue
        same = (said.lower() if kind == "domains" else said, item.ignore_case)
        if same in seen:
            _tell(account, kind, item, "exact", filled(_AGAIN, line=str(seen[same])))
            continue
        seen[same] = item.line
        kept.append((item, said))
        if item.weight is not None:
            _tell(account, kind, item, "approximate", filled(_WEIGHT, weight=item.weight))
        elif kind == "domains" and item.text.startswith("*."):
            _tell(account, kind, item, "approximate", _WILD)
        else:
            _tell(account, kind, item, "exact")
    return kept, lost


def _said(kind: Kind, item: Item) -> str | Bilingual:
    """An entry as it stands in the rulebook, or why it cannot."""
    if item.beside is not None:
        return _OFF if item.beside == "off" else _MEMBER
    if len(item.text) > LONGEST:
        return filled(_TOO_LONG, most=str(LONGEST))
    if kind == "domains":
        return item.text.removeprefix("*.") if is_domain(item.text) else _NO_DOMAIN
    if kind == "words":
        return item.text if fold_text(item.text).strip() else _NOTHING
    made = regexes.pattern(item.text, ignore_case=bool(item.ignore_case))
    return made if isinstance(made, str) else made.why


def _tell(account: Account, kind: Kind, item: Item, grade: Grade, why: Bilingual = PLAIN) -> None:
    account.add(Carried(item.line, _ONE[kind], short(item.text), grade, why, "1"))
