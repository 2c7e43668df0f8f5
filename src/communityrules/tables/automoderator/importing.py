"""A whole file of AutoModerator's rules as a rulebook."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from communityrules.diagnostics.message import Bilingual, Diagnostic, Language
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.automoderator.documents import Broken, Document, Mapping, read_documents, shown
from communityrules.tables.automoderator.draft import Book
from communityrules.tables.automoderator.fields import Host
from communityrules.tables.automoderator.rules import recognised, rule_of
from communityrules.tables.carried import Carried, filled, short
from communityrules.tables.errors import BROKEN_PART, NOTHING_FOUND
from communityrules.tables.imported import Imported
from communityrules.tables.reading import Refused, refused

_NO_RULE: Final = Bilingual(
    "text that is no rule, which AutoModerator leaves out, too", "不是规则的文字,AutoModerator 也会略过"
)
_BROKEN: Final = Bilingual("it could not be read: {reason}", "无法读取:{reason}")
_TO_MEND: Final = Bilingual("line {line} could not be read: {reason}", "第 {line} 行无法读取:{reason}")
_ALL_ANSWER: Final = Bilingual(
    "Every rule that matches answers and the strictest verdict wins; AutoModerator stops at the first that removes.",
    "所有命中的规则都会生效,取最严的判定;AutoModerator 遇到第一条移除规则就停止。",
)
_ON_EDIT: Final = Bilingual(
    "A rule that answers to an edit answers anew; AutoModerator says the same thing about a post only once.",
    "消息编辑后规则会再次生效;AutoModerator 对同一帖子只说一次。",
)
_WANTED: Final = Bilingual("rules of AutoModerator", " AutoModerator 规则")
_LOOKED: Final = Bilingual(
    "Looked for YAML documents with keys such as `title`, `body`, `author`, `action`, `comment`.",
    "查找的是含有 `title`、`body`、`author`、`action`、`comment` 等键的 YAML。",
)
_UNREAD: Final = Bilingual("A part that could not be read", "无法读取的一段")
#: What a host sends that rulebooks do not know by themselves.
_HOST_SENDS: Final = Bilingual(
    "The host sends these with posts and members; a rule that reads one is silent where it is missing.",
    "以下字段由平台随帖子和成员提供;缺少时读取它的规则不生效。",
)
_DIFFERS: Final = Bilingual("What differs from AutoModerator everywhere:", "与 AutoModerator 的普遍差别:")
_SAYING: Final = frozenset({"reply", "remind", "notify"})


def import_automoderator(text: str, file: str, language: Language, host: Host, title: str) -> Imported:
    """The rulebook of a file's text. `Refused` when there is no rule in it."""
    book = Book(language, host)
    rules: list[tree.Declaration] = []
    diagnostics: list[Diagnostic] = []
    number = 0
    known = False
    for one in read_documents(text):
        if isinstance(one, Broken):
            number += 1
            values: dict[str, str | Bilingual] = {"file": file, "first": str(one.line), "reason": one.reason}
            diagnostics.append(Diagnostic(BROKEN_PART, None, values))
            book.account.add(Carried(one.at, "---", "", "not", filled(_BROKEN, reason=one.reason), str(number)))
            rules.append(_to_mend(book, one, number))
        elif isinstance(one.value, Mapping) and one.value.entries:
            made = rule_of(one, one.value, book, number + 1)
            number += bool(made)
            known = known or recognised(one.value)
            rules += made
        elif one.value is not None:
            book.account.add(Carried(one.line, "---", short(shown(one.value)), "exact", _NO_RULE))
    if not known and diagnostics:
        raise Refused(*diagnostics)
    if not known:
        raise refused(NOTHING_FOUND, file=file, wanted=_WANTED, looked=_LOOKED)
    if number > 1:
        book.account.note(_ALL_ANSWER)
    if _says_something(rules):
        book.account.note(_ON_EDIT)
    return Imported(_file(book, rules, title), book.account, tuple(diagnostics))


#: Documents that are looked at when the kind of a file is guessed.
_SAMPLE: Final = 20
_KEY: Final = re.compile(r"^[ \t]*[~\w][^:\n]*:(?:[ \t]|$)", re.MULTILINE)


def is_automoderator(text: str) -> bool:
    """Whether a text looks like AutoModerator's: a document with a key that it knows, and one that acts."""
    if _KEY.search(text) is None:
        return False
    for count, one in enumerate(read_documents(text)):
        if count >= _SAMPLE:
            break
        if isinstance(one, Document) and isinstance(one.value, Mapping) and recognised(one.value):
            return True
    return False


def _to_mend(book: Book, broken: Broken, number: int) -> tree.Rule:
    said = book.say(_TO_MEND, line=str(broken.at), reason=broken.reason)
    clauses: tuple[tree.Clause, ...] = (
        tree.Modality("must_not", making.NOWHERE),
        tree.Todo(making.text(said), making.NOWHERE),
    )
    return tree.Rule(making.rule_id(str(number)), making.text(book.say(_UNREAD)), clauses, making.NOWHERE)


def _says_something(rules: list[tree.Declaration]) -> bool:
    return any(
        isinstance(action, tree.Action) and action.name.text in _SAYING
        for rule in rules if isinstance(rule, tree.Rule)
        for clause in rule.clauses if isinstance(clause, tree.Then)
        for action in clause.consequences
    )  # fmt: skip


def _file(book: Book, rules: list[tree.Declaration], title: str) -> tree.File:
    """The whole rulebook: its head, what the host sends, groups, rules."""
    language = tree.HeaderEntry("language", making.name(book.language), making.NOWHERE)
    differs = [book.say(_DIFFERS), *(f"- {book.say(one)}" for one in book.account.notes)]
    head = tree.Header(
        making.text(title), (language,), making.NOWHERE, making.layout(*differs if book.account.notes else ())
    )
    declared: list[tree.Declaration] = []
    message, member = book.declared["message"], book.declared["member"]
    if message:
        fields = making.fields(sorted(message.items()))
        declared.append(tree.EventType(making.name("message"), fields, making.NOWHERE))
    if member:
        declared.append(tree.MemberFields(making.fields(sorted(member.items())), making.NOWHERE))
    if declared:
        declared[0] = replace(declared[0], layout=making.layout(book.say(_HOST_SENDS), blank=True))
    groups = list(book.groups.values())
    if groups:
        groups[0] = replace(groups[0], layout=making.layout(blank=True))
    return tree.File((head, *declared, *groups, *rules), (), making.NOWHERE, book.language)
