"""Which posts a rule is about: what `type` says, and what follows from its other keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from communityrules.tables import making
from communityrules.tables.automoderator.documents import Entry, Scalar
from communityrules.tables.automoderator.draft import RuleDraft
from communityrules.tables.automoderator.fields import (
    ALL_KINDS,
    COMMENTS,
    FLAGS,
    POST_TYPES,
    SUBMISSIONS,
    Field,
    Kind,
)
from communityrules.tables.automoderator.keys import read_key

_TYPES: Final[dict[str, frozenset[Kind]]] = {
    "any": ALL_KINDS, "comment": COMMENTS, "submission": SUBMISSIONS, "text submission": SUBMISSIONS,
    "link submission": SUBMISSIONS, "crosspost submission": SUBMISSIONS, "poll submission": SUBMISSIONS,
    "gallery submission": SUBMISSIONS,
}  # fmt: skip
#: Actions on a post that only the platform can do, with what they can be done to.
PLATFORM: Final[dict[str, frozenset[Kind]]] = {
    "set_flair": SUBMISSIONS, "overwrite_flair": SUBMISSIONS, "set_sticky": SUBMISSIONS, "set_nsfw": SUBMISSIONS,
    "set_spoiler": SUBMISSIONS, "set_contest_mode": SUBMISSIONS, "set_original_content": SUBMISSIONS,
    "set_suggested_sort": SUBMISSIONS, "set_post_crowd_control_level": SUBMISSIONS, "set_locked": ALL_KINDS,
}  # fmt: skip


def kind_said(written: Entry | None) -> str | None:
    """What `type` says, `any` when it is not there; None when AutoModerator does not know it."""
    if written is None:
        return "any"
    said = written.value.text.strip().lower() if isinstance(written.value, Scalar) else ""
    return said if said in _TYPES else None


def narrow(draft: RuleDraft, said: str, members: Mapping[str, Entry], fields: Mapping[str, Field]) -> None:
    """Set the kinds of posts that a rule is about, and add the conditions that tell them apart."""
    draft.kinds = _possible(members, fields) if said == "any" else _TYPES[said]
    if draft.kinds == COMMENTS:
        draft.conditions.append(making.is_not_empty("message.reply_to"))
    elif draft.kinds == SUBMISSIONS and not _told_by_field(draft, members, fields):
        draft.conditions.append(making.is_empty("message.reply_to"))
    kind = said.removesuffix(" submission")
    if kind in ("text", "link"):
        path = "message.links" if draft.book.host == "chat" else draft.book.declare("message.url", "text")
        draft.conditions.append(making.is_empty(path) if kind == "text" else making.is_not_empty(path))
    elif kind in ("crosspost", "poll", "gallery"):
        is_post_type(draft, kind)


def is_post_type(draft: RuleDraft, kind: str, wanted: bool = True) -> None:
    """Add the condition that a post is of some kind, or is not."""
    path = making.path(draft.book.declare("message.post_type", "text"))
    condition = making.compare(path, "is", making.text(kind))
    draft.conditions.append(condition if wanted else making.negated(condition))


def _possible(members: Mapping[str, Entry], fields: Mapping[str, Field]) -> frozenset[Kind]:
    """Of `any`, the kinds for which AutoModerator makes a rule: those on which every key can be used."""
    kinds = ALL_KINDS
    for called in members:
        if called in PLATFORM:
            kinds &= PLATFORM[called]
        elif called in FLAGS:
            kinds &= FLAGS[called][1]
        elif called in POST_TYPES or called in ("crosspost_author", "crosspost_subreddit"):
            kinds &= SUBMISSIONS
        elif called == "parent_submission":
            kinds &= COMMENTS
        else:
            key = read_key(called)
            known = [fields[one].kinds for one in key.fields if one in fields] if key else []
            if known:
                kinds &= frozenset().union(*known)
    return kinds or ALL_KINDS


def _told_by_field(draft: RuleDraft, members: Mapping[str, Entry], fields: Mapping[str, Field]) -> bool:
    """Whether a check of what only submissions have tells them apart already."""
    if draft.book.host == "chat":
        return False
    for called in members:
        key = read_key(called)
        if key and not key.negated and all(one in fields and fields[one].kinds == SUBMISSIONS for one in key.fields):
            return True
    return False
