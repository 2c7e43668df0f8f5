"""What AutoModerator does, as actions."""

from __future__ import annotations

import re
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language.limits import MAX_TEXT
from communityrules.tables import making
from communityrules.tables.automoderator.documents import Entry, Mapping, Scalar, texts
from communityrules.tables.automoderator.draft import RuleDraft, slug
from communityrules.tables.automoderator.fields import COMMENTS, SUBMISSIONS
from communityrules.tables.carried import filled, joined

#: A word that AutoModerator fills in.
_PLACEHOLDER: Final = re.compile(r"\{\{[\w+#~ -]+\}\}")
#: Those that are facts of the event here.
_FACTS: Final = {"{{author}}": "{member.name}"}
_KIND: Final = {SUBMISSIONS: "submission", COMMENTS: "comment"}

_SPAM: Final = Bilingual(
    "it is taken away; there is no spam filter here to learn from it", "会删除;这里没有可以学习的垃圾过滤器"
)
_APPROVE: Final = Bilingual(
    "it lets the post pass where no stricter rule answers; a report that stands against it is not taken away",
    "没有更严的规则时放行;已有的举报不会撤销",
)
_UNKNOWN: Final = Bilingual("AutoModerator has no such action", "AutoModerator 没有这种处置")
_FILL_IN: Final = Bilingual("the host has to fill in {words}", "需由平台填入 {words}")
_LONG: Final = Bilingual("it is cut to {most} characters", "超过 {most} 字,已截断")
_SUBJECT: Final = Bilingual("the subject stands before the text", "标题写在正文之前")
_NO_SUBJECT: Final = Bilingual("there is no message for this subject", "没有与该标题对应的消息")
_HOST_DOES: Final = Bilingual(
    "the decision carries the alert `{name}`; the host does it", "判定中带有告警 `{name}`,由平台去做"
)
_LABEL: Final = Bilingual("the member gets the label `{name}`; the host shows it", "给成员贴标签 `{name}`,由平台显示")
_NO_TEXT: Final = Bilingual("it holds no text", "没有文字")
_REASON: Final = Bilingual(
    "{words} stays as written; what matched stands in the evidence", "{words} 原样保留;匹配到的内容见证据"
)


def moderate(draft: RuleDraft, entry: Entry) -> None:
    """`action`."""
    said = entry.value.text.strip().lower() if isinstance(entry.value, Scalar) else ""
    group = making.path(draft.book.group("moderators")) if said in ("filter", "report") else making.path("staff")
    match said:
        case "remove":
            draft.actions.append(making.action("delete"))
            draft.tell(entry, "exact")
        case "spam":
            draft.actions.append(making.action("delete"))
            draft.tell(entry, "approximate", _SPAM)
        case "filter":
            draft.actions.append(making.action("hold", group))
            draft.tell(entry, "exact")
        case "report":
            draft.actions.append(making.action("flag", group))
            draft.tell(entry, "exact")
        case "approve":
            draft.actions.append(making.action("approve"))
            draft.tell(entry, "approximate", _APPROVE)
        case _:
            draft.leave(entry, _UNKNOWN)


def answer(draft: RuleDraft, entry: Entry) -> None:
    """`comment`."""
    said = _text(draft, entry, None)
    if said is not None:
        draft.actions.append(making.action("reply", making.text(said)))


def tell_author(draft: RuleDraft, entry: Entry, subject: Entry | None) -> None:
    """`message`, with its `message_subject`."""
    said = _text(draft, entry, subject)
    if said is not None:
        draft.actions.append(making.action("remind", making.text(said)))


def tell_moderators(draft: RuleDraft, entry: Entry, subject: Entry | None) -> None:
    """`modmail`, with its `modmail_subject`."""
    said = _text(draft, entry, subject)
    if said is not None:
        group = making.path(draft.book.group("moderators"))
        draft.actions.append(making.action("notify", group, with_=making.text(said)))


def no_message(draft: RuleDraft, subject: Entry) -> None:
    """A subject without its message."""
    draft.tell(subject, "exact" if draft.actions else "not", _NO_SUBJECT)


def _text(draft: RuleDraft, entry: Entry, subject: Entry | None) -> str | None:
    """What is to be said; what has to be filled in is told."""
    said = entry.value.text.strip() if isinstance(entry.value, Scalar) else ""
    if not said:
        draft.leave(entry, _NO_TEXT)
        if subject is not None:
            draft.tell(subject, "not", _NO_SUBJECT)
        return None
    remarks = []
    if subject is not None:
        heading = subject.value.text.strip() if isinstance(subject.value, Scalar) else ""
        said = f"{heading}\n\n{said}" if heading else said
        draft.tell(subject, "approximate", _SUBJECT)
    kind = _KIND.get(draft.kinds)
    if kind is not None:
        said = said.replace("{{kind}}", kind)
    for name, fact in _FACTS.items():
        said = said.replace(name, fact)
    if left := _words(said):
        # Braces would be taken for a fact of the event.
        said = _PLACEHOLDER.sub(lambda found: f"[{found.group().strip('{}')}]", said)
        remarks.append(filled(_FILL_IN, words=left))
    if len(said) > MAX_TEXT:
        said = said[: MAX_TEXT - 1] + "…"
        remarks.append(filled(_LONG, most=str(MAX_TEXT)))
    if remarks:
        draft.tell(entry, "approximate", joined(remarks))
    else:
        draft.tell(entry, "exact")
    return said


def _words(said: str) -> str:
    return ", ".join(dict.fromkeys(_PLACEHOLDER.findall(said)))


def reason(draft: RuleDraft, entry: Entry) -> str | None:
    """`action_reason`: what moderators read, which becomes the rule's words."""
    said = entry.value.text.strip() if isinstance(entry.value, Scalar) else ""
    if not said:
        draft.leave(entry, _NO_TEXT)
        return None
    if left := _words(said):
        draft.tell(entry, "approximate", filled(_REASON, words=left))
    else:
        draft.tell(entry, "exact")
    return said[:MAX_TEXT]


# --- what only the platform can do -----------------------------------------------------------------------------


#: How something else is done: of themselves they do nothing.
_MANNERS: Final = ("overwrite_flair", "comment_stickied", "comment_locked")


def platform_action(draft: RuleDraft, entry: Entry, key: str | None = None, *, whose: str = "") -> None:
    """Flair, stickies, locks and the like: the decision carries an alert by which the host does it.

    `whose` names another post or member than the one that the rule is about.
    """
    called = (key or entry.key).rpartition(".")[2].lower()
    if called in _MANNERS and isinstance(entry.value, Scalar) and entry.value.flag is False:
        # As it is when nothing is said.
        draft.tell(entry, "exact", key=key)
        return
    before = f"{whose}_" if whose else ""
    name = slug(before + called)
    wanted = _wanted(entry)
    if called == "set_flair":
        name = slug(f"{before}flair_{wanted}") if wanted else name
    elif wanted and wanted.lower() != "true":
        name = f"{name}_{slug(wanted)}".rstrip("_")
    name = name[:90]
    draft.actions.append(making.action("alert", making.path(name)))
    draft.tell(entry, "approximate", filled(_HOST_DOES, name=name), key=key)


def set_author_flair(draft: RuleDraft, entry: Entry, key: str) -> None:
    """The flair of a member is a label."""
    wanted = slug(_wanted(entry))
    name = f"flair_{wanted}"[:90] if wanted else "flair"
    draft.actions.append(making.action("label", making.path(name)))
    draft.tell(entry, "approximate", filled(_LABEL, name=name), key=key)


def _wanted(entry: Entry) -> str:
    """What is to be set, as one text without what AutoModerator fills in."""
    if isinstance(entry.value, Mapping):
        members = {one.key.lower(): one.value for one in entry.value.entries}
        chosen = members.get("text") or members.get("css_class") or members.get("template_id")
        said = chosen.text if isinstance(chosen, Scalar) else ""
    else:
        said = next((one.text for one in texts(entry.value) or () if one.text.strip()), "")
    return _PLACEHOLDER.sub("", said).strip()
