"""One document of AutoModerator as one rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language import tree
from communityrules.tables import making, regexes
from communityrules.tables.automoderator import actions, people
from communityrules.tables.automoderator.documents import Document, Entry, Mapping, Scalar
from communityrules.tables.automoderator.draft import Book, RuleDraft
from communityrules.tables.automoderator.fields import (
    BASE,
    FLAGS,
    POST_TYPES,
    SUBGROUPS,
    SUBMISSIONS,
    Kind,
    base_fields,
)
from communityrules.tables.automoderator.finishing import finished, idle
from communityrules.tables.automoderator.keys import read_key
from communityrules.tables.automoderator.kinds import PLATFORM, is_post_type, kind_said, narrow
from communityrules.tables.automoderator.people import written_twice
from communityrules.tables.automoderator.searching import search
from communityrules.tables.automoderator.standards import STANDARDS

#: How long reports against a post count.
_REPORT_DAYS: Final = 30

_SAYING: Final = ("comment", "message", "modmail")
#: Actions by which AutoModerator goes no further. Moderators are exempt from them, and from reports, unless a rule says
#: otherwise.
_REMOVING: Final = ("remove", "spam", "filter")
#: Keys of scheduled posts, which stand in a file of their own.
_SCHEDULE: Final = frozenset({"first", "repeat"})

_PRIORITY: Final = Bilingual(
    "every rule that matches answers, and the strictest wins, whichever stands first",
    "所有命中的规则都会生效,取最严者,与先后无关",
)
_NO_ORDER: Final = Bilingual(
    "rules that do not remove are all looked at in AutoModerator, too",
    "不移除内容的规则在 AutoModerator 中同样都会检查",
)
_REPORTS: Final = Bilingual(
    f"reports of the last {_REPORT_DAYS} days count; that a moderator approved the post does not begin the count anew",
    f"只计最近 {_REPORT_DAYS} 天的举报;版主通过后不会重新计数",
)
_QUOTES: Final = Bilingual("what stands in quotes (`>`) is looked at, too", "引用(`>`)中的文字也会查看")
_UNKNOWN: Final = Bilingual("AutoModerator does not know this key", "AutoModerator 没有这个键")
_WRONG_TYPE: Final = Bilingual("AutoModerator does not know this type", "AutoModerator 没有这种类型")
_NOT_THIS_KIND: Final = Bilingual(
    "it cannot be used on this type of post; AutoModerator refuses the rule",
    "不能用于这类帖子,AutoModerator 会拒绝该规则",
)
_NO_NUMBER: Final = Bilingual("it is no whole number", "不是整数")
_NO_FLAG: Final = Bilingual("it is neither true nor false", "既不是 true 也不是 false")
_LONG_BODY: Final = Bilingual("signs at the ends of the text are counted, too", "文本两端的标点也计入长度")
_STANDARD: Final = Bilingual(
    "a list of our own stands for the one that AutoModerator keeps", "用自带的列表代替 AutoModerator 维护的列表"
)
_NO_STANDARD: Final = Bilingual(
    "AutoModerator has no standard condition of this name", "AutoModerator 没有这个标准条件"
)
_SCHEDULED: Final = Bilingual("posts of one's own at set times are for the host", "定时发帖由平台去做")
_NO_CHECK: Final = Bilingual(
    "the rule has no check, so AutoModerator never runs it", "该规则没有检查项,AutoModerator 从不执行"
)
_NO_ACTION: Final = Bilingual(
    "the rule has no action, so AutoModerator never runs it", "该规则没有处置,AutoModerator 从不执行"
)
_NO_LINK: Final = Bilingual(
    "a text submission has no link to look at, so the rule never acts", "文字帖没有可查看的链接,该规则从不生效"
)
_NEVER: Final = Bilingual("no text is shorter than that, so the rule never acts", "没有比这更短的文本,该规则从不生效")

#: Characters that a pattern can count.
_LONGEST_PATTERN: Final = 900


def rule_of(document: Document, mapping: Mapping, book: Book, number: int) -> list[tree.Declaration]:
    """The rule of a document, after the lists and patterns that it needs. Every key is in the account afterwards."""
    draft = RuleDraft(book, number)
    members = {one.key.strip().lower(): one for one in mapping.entries}
    for one in mapping.entries:
        if members[one.key.strip().lower()] is not one:
            draft.tell(one, "exact", written_twice(members[one.key.strip().lower()].line))
    if members.keys() & _SCHEDULE and not members.keys() & {"action", *_SAYING}:
        for called, one in members.items():
            if called in _SCHEDULE:
                draft.leave(one, _SCHEDULED)
            else:
                draft.tell(one, "not", _SCHEDULED)
        return finished(draft, document, None)
    return _Reader(draft, members, document).read()


def _asks(entry: Entry) -> bool:
    """Whether a key asks for something to be done, or holds one that does."""
    called = entry.key.strip().lower()
    inner = entry.value.entries if called in SUBGROUPS and isinstance(entry.value, Mapping) else ()
    return called in ("action", *_SAYING) or called.startswith("set_") or any(map(_asks, inner))


class _Reader:
    """Reads the keys of one document into a draft."""

    def __init__(self, draft: RuleDraft, members: dict[str, Entry], document: Document) -> None:
        self.draft = draft
        self.members = members
        self.document = document
        self.fields = base_fields(draft.book.host)
        self.checks = False
        #: Why one of the checks can never hold.
        self.never: Bilingual | None = None
        self.reason: str | None = None
        #: Fields of the post that search checks look through, and whether each check is a negated one.
        self.searched: list[tuple[frozenset[str], bool]] = []

    def read(self) -> list[tree.Declaration]:
        draft = self.draft
        self._type()
        for called, entry in self.members.items():
            if called != "type":
                self._key(called, entry)
        self._unchecked()
        acts = any(map(_asks, self.members.values()))
        if self.never is not None or not self.checks or not acts:
            idle(draft, self.never or (_NO_ACTION if self.checks else _NO_CHECK))
            return []
        return finished(draft, self.document, self.reason, self._events(), exempt=self._exempt())

    # --- what it is about --------------------------------------------------------------------------------------

    def _type(self) -> None:
        written = self.members.get("type")
        said = kind_said(written)
        if said is None:
            assert written is not None, "nothing was said that is unknown"
            self.draft.leave(written, _WRONG_TYPE, wide=True)
            # It was meant as one: that the rule has no other is no reason to say that nothing was lost.
            self.checks = True
        elif written is not None:
            self.draft.tell(written, "exact")
            # Of `any` alone AutoModerator makes no rule; a type is a check.
            self.checks = said != "any"
        narrow(self.draft, said or "any", self.members, self.fields)

    def _events(self) -> tuple[str, ...]:
        if "reports" in self.members:
            return ("report",)
        edited = self.members.get("is_edited")
        wanted = edited.value.flag if edited is not None and isinstance(edited.value, Scalar) else None
        return ("message", "edit") if wanted is None else ("edit",) if wanted else ("message",)

    # --- its keys ----------------------------------------------------------------------------------------------

    def _key(self, called: str, entry: Entry) -> None:
        draft = self.draft
        handler = _HANDLERS.get(called)
        if handler is not None:
            handler(self, entry)
        elif called in SUBGROUPS:
            self.checks |= people.subgroup(draft, entry, called)
        elif called == "~author":
            self.checks |= people.subgroup(draft, entry, "author", negated=True)
        elif called in FLAGS:
            self.checks = True
            path, kinds = FLAGS[called]
            if self._fits(entry, kinds):
                people.flag(draft, entry, path)
        elif called in POST_TYPES:
            self.checks = True
            self._is_post_type(entry, POST_TYPES[called])
        elif called in PLATFORM:
            if self._fits(entry, PLATFORM[called]):
                actions.platform_action(draft, entry)
        else:
            self._search(called, entry)

    def _search(self, called: str, entry: Entry) -> None:
        key = read_key(called)
        if key is None or not any(one in self.fields for one in key.fields):
            # What is not known may be a check, unless it is called like an action.
            check = not called.startswith(("set_", "comment", "message", "modmail"))
            self.draft.leave(entry, _UNKNOWN, wide=check)
            self.checks |= check
            return
        kinds: frozenset[Kind] = frozenset().union(
            *(self.fields[one].kinds for one in key.fields if one in self.fields)
        )
        if not self._fits(entry, kinds):
            self.checks = True
            return
        if any(one not in self.fields for one in key.fields):
            self.draft.leave(entry, _UNKNOWN, wide=True)
            self.checks = True
            return
        if search(self.draft, entry, key, self.fields, entry.key.strip()):
            self.checks = True
            self.searched.append((frozenset(key.fields), key.negated))

    def _fits(self, entry: Entry, kinds: frozenset[Kind]) -> bool:
        if kinds & self.draft.kinds:
            return True
        self.draft.leave(entry, _NOT_THIS_KIND, wide=True)
        return False

    def _unchecked(self) -> None:
        """Where there is no text, or no link, to look through, AutoModerator does not take that for a match."""
        if not self.searched or not all(negated for _, negated in self.searched) or self.draft.book.host == "chat":
            return
        searched = frozenset().union(*(fields for fields, _ in self.searched))
        if self._only_text() and searched == {"url"}:
            self.never = _NO_LINK
        elif SUBMISSIONS & self.draft.kinds and searched == {"url"}:
            self.draft.conditions.append(making.is_not_empty(self.draft.book.declare("message.url", "text")))
        elif SUBMISSIONS & self.draft.kinds and searched == {"body"}:
            self._where_there_is_text()

    def _where_there_is_text(self) -> None:
        """Posts of a link need not have a text."""
        url = self.draft.book.declare("message.url", "text")
        self.draft.conditions.append(making.either(making.is_empty(url), making.is_not_empty("message.text")))

    def _is_post_type(self, entry: Entry, kind: str) -> None:
        wanted = entry.value.flag if isinstance(entry.value, Scalar) else None
        if wanted is None:
            self.draft.leave(entry, _NO_FLAG, wide=True)
        elif self._fits(entry, SUBMISSIONS):
            is_post_type(self.draft, kind, wanted)
            self.draft.tell(entry, "exact")

    def _reports(self, entry: Entry) -> None:
        self.checks = True
        wanted = entry.value.whole if isinstance(entry.value, Scalar) else None
        if wanted is None or wanted < 0:
            self.draft.leave(entry, _NO_NUMBER, wide=True)
            return
        window = tree.Sliding(making.duration(_REPORT_DAYS, "day"), making.NOWHERE)
        counted = tree.Call(
            making.name("count"), (making.path("report"),), (making.path("report.message"),), window, None,
            making.NOWHERE,
        )  # fmt: skip
        if wanted > 1:
            self.draft.conditions.append(making.compare(counted, ">=", making.number(wanted)))
            self.draft.tell(entry, "approximate", _REPORTS)
        else:
            # The event is a report itself.
            self.draft.tell(entry, "exact")

    def _length(self, entry: Entry, least: bool) -> None:
        """`body_longer_than`, `body_shorter_than`: letters and digits and what stands between them."""
        self.checks = True
        wanted = entry.value.whole if isinstance(entry.value, Scalar) else None
        if wanted is None or wanted < 0:
            self.draft.leave(entry, _NO_NUMBER, wide=True)
            return
        if not least and SUBMISSIONS & self.draft.kinds and not self._only_text() and self.draft.book.host == "forum":
            self._where_there_is_text()
        # Longer than N is at least N + 1; shorter than N is not at least N.
        size = wanted + 1 if least else wanted
        if size > _LONGEST_PATTERN:
            path = making.path("message.length")
            self.draft.conditions.append(making.compare(path, ">=" if least else "<", making.number(size)))
            self.draft.tell(entry, "approximate", _LONG_BODY)
            return
        if size == 0:
            self.never = _NEVER
            self.draft.tell(entry, "exact")
            return
        pattern = "\\w" if size == 1 else f"(?s)\\w.{{{size - 2},}}\\w"
        condition = making.predicate(making.path("message.text"), "matches", making.regex(pattern))
        self.draft.conditions.append(condition if least else making.negated(condition))
        self.draft.tell(entry, "exact")

    def _only_text(self) -> bool:
        return kind_said(self.members.get("type")) == "text submission"

    def _is_edited(self, entry: Entry) -> None:
        self.checks = True
        if isinstance(entry.value, Scalar) and entry.value.flag is not None:
            self.draft.tell(entry, "exact")
        else:
            self.draft.leave(entry, _NO_FLAG, wide=True)

    def _standard(self, entry: Entry) -> None:
        self.checks = True
        said = entry.value.text.strip().lower() if isinstance(entry.value, Scalar) else ""
        standard = STANDARDS.get(said)
        if standard is None:
            self.draft.leave(entry, _NO_STANDARD, wide=True)
            return
        draft, forum = self.draft, self.draft.book.host == "forum"
        paths = ["message.text"]
        if standard.address is not None:
            found: Sequence[str] = ("(?i)" + standard.address.replace("/", "\\/"),)
            if forum and SUBMISSIONS & draft.kinds:
                paths.insert(0, draft.book.declare("message.url", "text"))
        elif forum:
            found = regexes.patterns(standard.domains, "domain").patterns
            paths = [draft.book.declare("message.domain", "text")]
        else:
            sites = draft.word_list(standard.domains, said)
            draft.conditions.append(making.predicate(making.path("message.links"), "contains_any", sites))
            draft.tell(entry, "approximate", _STANDARD)
            return
        operands = draft.operands(found, said, len(paths))
        fits = [making.predicate(making.path(one), "matches", operand) for one in paths for operand in operands]
        draft.conditions.append(making.either(*fits))
        draft.tell(entry, "approximate", _STANDARD)

    def _discussion(self, entry: Entry) -> None:
        self.checks = True
        path = making.path(self.draft.book.declare("message.discussion_type", "text"))
        said = entry.value.text.strip().lower() if isinstance(entry.value, Scalar) else ""
        condition = making.compare(path, "is", making.text("chat"))
        self.draft.conditions.append(condition if said == "chat" else making.negated(condition))
        self.draft.tell(entry, "exact")

    def _quotes(self, entry: Entry) -> None:
        if isinstance(entry.value, Scalar) and entry.value.flag is False:
            self.draft.tell(entry, "exact")
        else:
            self.draft.tell(entry, "approximate", _QUOTES)

    # --- what it does ------------------------------------------------------------------------------------------

    def _reason(self, entry: Entry) -> None:
        self.reason = actions.reason(self.draft, entry)

    def _message(self, entry: Entry) -> None:
        actions.tell_author(self.draft, entry, self.members.get("message_subject"))

    def _modmail(self, entry: Entry) -> None:
        actions.tell_moderators(self.draft, entry, self.members.get("modmail_subject"))

    def _subject(self, entry: Entry) -> None:
        if entry.key.strip().lower().removesuffix("_subject") not in self.members:
            actions.no_message(self.draft, entry)

    def _priority(self, entry: Entry) -> None:
        if not isinstance(entry.value, Scalar) or entry.value.whole is None:
            self.draft.leave(entry, _NO_NUMBER)
        elif self._action() in _REMOVING:
            self.draft.tell(entry, "approximate", _PRIORITY, aloud=False)
        else:
            self.draft.tell(entry, "exact", _NO_ORDER)

    def _exemption(self, entry: Entry) -> None:
        if isinstance(entry.value, Scalar) and entry.value.flag is not None:
            self.draft.tell(entry, "exact")
        else:
            self.draft.leave(entry, _NO_FLAG)

    def _exempt(self) -> bool:
        """Whether the rule leaves moderators alone."""
        written = self.members.get("moderators_exempt")
        said = written.value.flag if written is not None and isinstance(written.value, Scalar) else None
        if said is not None:
            return said
        return self._action() in (*_REMOVING, "report")

    def _action(self) -> str:
        action = self.members.get("action")
        return action.value.text.strip().lower() if action is not None and isinstance(action.value, Scalar) else ""


_HANDLERS: Final[dict[str, Callable[[_Reader, Entry], None]]] = {
    "reports": _Reader._reports,
    "body_longer_than": lambda reader, entry: reader._length(entry, True),
    "body_shorter_than": lambda reader, entry: reader._length(entry, False),
    "is_edited": _Reader._is_edited,
    "standard": _Reader._standard,
    "discussion_type": _Reader._discussion,
    "ignore_blockquotes": _Reader._quotes,
    "action": lambda reader, entry: actions.moderate(reader.draft, entry),
    "action_reason": _Reader._reason,
    "report_reason": _Reader._reason,
    "comment": lambda reader, entry: actions.answer(reader.draft, entry),
    "comment_stickied": lambda reader, entry: actions.platform_action(reader.draft, entry),
    "comment_locked": lambda reader, entry: actions.platform_action(reader.draft, entry),
    "message": _Reader._message,
    "message_subject": _Reader._subject,
    "modmail": _Reader._modmail,
    "modmail_subject": _Reader._subject,
    "priority": _Reader._priority,
    "moderators_exempt": _Reader._exemption,
}


def recognised(mapping: Mapping) -> bool:
    """Whether a document has any key by which AutoModerator's rules are known."""
    for one in mapping.entries:
        called = one.key.strip().lower()
        if called in _HANDLERS or called in SUBGROUPS or called in FLAGS or called in PLATFORM or called in _SCHEDULE:
            return True
        key = read_key(called)
        if key is not None and any(field in BASE for field in key.fields):
            return True
    return False
