"""The sub-groups of a rule: its author, the post a comment stands under, where a crosspost came from."""

from __future__ import annotations

import html
import re
from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.automoderator.actions import platform_action, set_author_flair
from communityrules.tables.automoderator.documents import Entry, Listing, Mapping, Scalar
from communityrules.tables.automoderator.draft import RuleDraft
from communityrules.tables.automoderator.fields import (
    MEMBER_FLAGS,
    QUALITIES,
    SUBGROUPS,
    SUBMISSIONS,
    Field,
    thresholds,
)
from communityrules.tables.automoderator.keys import read_key
from communityrules.tables.automoderator.searching import search

_NO_NUMBER: Final = Bilingual("it is no comparison with a number", "不是与数字的比较")
_NO_LENGTH: Final = Bilingual("it is no comparison with a length of time", "不是与时长的比较")
_NO_FLAG: Final = Bilingual("it is neither true nor false", "既不是 true 也不是 false")
_NO_QUALITY: Final = Bilingual(
    "it is none of lowest, low, moderate, high, highest", "不是 lowest、low、moderate、high、highest 之一"
)
_UNKNOWN: Final = Bilingual("AutoModerator has no such check here", "AutoModerator 在这里没有这项检查")
_NOT_A_GROUP: Final = Bilingual("it is not a group of checks", "不是一组检查")
_CALENDAR: Final = Bilingual("a month counts as 30 days, a year as 365", "一个月按 30 天、一年按 365 天计")
_MARKS: Final = Bilingual("AutoModerator does not take this sign", "AutoModerator 不支持这个比较符")

_NUMBER: Final = re.compile(r"\s*(==?|<=?|>=?)?\s*([+-]?\d{1,15})\s*\Z")
_LENGTH: Final = re.compile(r"\s*(==?|<=?|>=?)?\s*(\d{1,9})\s*(minute|hour|day|week|month|year)?s?\s*\Z", re.IGNORECASE)
_OPERATORS: Final[dict[str, tree.CompareOperator]] = {
    "": "is", "=": "is", "==": "is", "<": "<", ">": ">", "<=": "<=", ">=": ">=",
}  # fmt: skip
_DAYS: Final = {"month": 30, "year": 365}


def subgroup(draft: RuleDraft, entry: Entry, group: str, *, negated: bool = False) -> bool:
    """Add the checks and actions of a sub-group. Whether it checks anything."""
    fields = SUBGROUPS[group]
    if not isinstance(entry.value, Mapping):
        if group != "author":
            draft.leave(entry, _NOT_A_GROUP, wide=True)
            return True
        # Names alone are the same as a check of the name.
        key = read_key("~name" if negated else "name")
        assert key is not None
        return search(draft, entry, key, fields, "~author" if negated else "author")
    if not entry.value.entries:
        draft.tell(entry, "exact")
        return False
    # The last of two alike counts.
    members = {one.key.strip().lower(): one for one in entry.value.entries}
    for one in entry.value.entries:
        if members[one.key.strip().lower()] is not one:
            draft.tell(one, "exact", written_twice(members[one.key.strip().lower()].line), key=f"{group}.{one.key}")
    checks = _thresholds(draft, members, group)
    for called, one in members.items():
        if called not in checks:
            checks[called] = _one(draft, one, called, group, fields)
    return any(checks.values())


def _one(draft: RuleDraft, entry: Entry, called: str, group: str, fields: dict[str, Field]) -> bool:
    """One key of a sub-group. Whether it is a check."""
    key = f"{group}.{called}"
    if group == "author" and called in ("is_moderator", "is_contributor"):
        return _in_group(draft, entry, key, "moderators" if called == "is_moderator" else "contributors")
    if group in ("author", "crosspost_author") and called in MEMBER_FLAGS:
        owner = "member." if group == "author" else "message.crosspost_author_"
        return flag(draft, entry, f"{owner}{MEMBER_FLAGS[called]}", key)
    if group == "author" and called == "is_submitter":
        return _by_submitter(draft, entry, key)
    if called == "is_nsfw" and group in ("crosspost_subreddit", "subreddit"):
        return flag(draft, entry, "message.crosspost_subreddit_nsfw" if group != "subreddit" else "message.nsfw", key)
    if group in ("author", "crosspost_author") and called == "contributor_quality":
        return _quality(draft, entry, key, "member." if group == "author" else "message.crosspost_author_")
    if group in ("author", "crosspost_author") and called in ("set_flair", "overwrite_flair"):
        if group == "author" and called == "set_flair":
            set_author_flair(draft, entry, key)
        else:
            platform_action(draft, entry, key, whose=group)
        return False
    if group == "parent_submission" and (called.startswith("set_") or called in ("overwrite_flair", "action")):
        platform_action(draft, entry, key, whose="parent")
        return False
    search_key = read_key(called)
    if search_key is not None and any(one in fields for one in search_key.fields):
        return search(draft, entry, search_key, fields, key)
    draft.leave(entry, _UNKNOWN, key=key, wide=True)
    return True


def written_twice(line: int) -> Bilingual:
    """Why the first of two alike has no effect."""
    return Bilingual(
        f"written again on line {line}, which counts in AutoModerator, too",
        f"第 {line} 行又写了一次,AutoModerator 也只认后者",
    )


# --- marks and groups ------------------------------------------------------------------------------------------


def flag(draft: RuleDraft, entry: Entry, path: str, key: str | None = None) -> bool:
    """A mark that the host sends as true or false; absent counts as false."""
    wanted = entry.value.flag if isinstance(entry.value, Scalar) else None
    if wanted is None:
        draft.leave(entry, _NO_FLAG, key=key, wide=True)
        return True
    condition = making.is_true(draft.book.declare(path, "boolean"))
    draft.conditions.append(condition if wanted else making.negated(condition))
    draft.tell(entry, "exact", key=key)
    return True


def _by_submitter(draft: RuleDraft, entry: Entry, key: str) -> bool:
    """Whether a comment is by whoever wrote the post; of a post itself that always holds."""
    known = len(draft.conditions)
    flag(draft, entry, "message.by_submitter", key)
    if len(draft.conditions) > known and SUBMISSIONS & draft.kinds:
        wanted = isinstance(entry.value, Scalar) and entry.value.flag
        draft.conditions.pop()
        own = making.either(making.is_empty("message.reply_to"), making.is_true("message.by_submitter"))
        draft.conditions.append(own if wanted else making.negated(own))
    return True


def _in_group(draft: RuleDraft, entry: Entry, key: str, which: str) -> bool:
    wanted = entry.value.flag if isinstance(entry.value, Scalar) else None
    if wanted is None:
        draft.leave(entry, _NO_FLAG, key=key, wide=True)
        return True
    condition = making.path(draft.book.group(which))
    draft.conditions.append(condition if wanted else making.negated(condition))
    draft.tell(entry, "exact", key=key)
    return True


# --- limits ----------------------------------------------------------------------------------------------------


def _thresholds(draft: RuleDraft, members: dict[str, Entry], group: str) -> dict[str, bool]:
    """Comparisons of karma and age; with `satisfy_any_threshold` one of them is enough. What was dealt with."""
    if group not in ("author", "crosspost_author"):
        return {}
    known = thresholds("member." if group == "author" else "message.crosspost_author_")
    written = members.get("satisfy_any_threshold")
    any_of_them = isinstance(written.value, Scalar) and written.value.flag is True if written is not None else False
    found: list[tree.Expression] = []
    done: dict[str, bool] = {}
    for called, entry in members.items():
        threshold = known.get(called)
        if threshold is None:
            continue
        done[called] = True
        # Copies of wiki pages often spell `<` and `>` as web pages do.
        said = html.unescape(entry.value.text) if isinstance(entry.value, Scalar) else ""
        form, wrong = (_NUMBER, _NO_NUMBER) if threshold.kind == "number" else (_LENGTH, _NO_LENGTH)
        match = form.match(said)
        if match is None:
            draft.leave(entry, wrong, key=f"{group}.{called}", wide=True)
            continue
        operator, right, remark = _limit(match)
        found.append(making.compare(making.path(draft.book.declare(threshold.path, threshold.kind)), operator, right))
        if (match.group(1) or "") in ("<=", ">="):
            remark = _MARKS
        draft.tell(entry, "approximate" if remark else "exact", remark or Bilingual("", ""), key=f"{group}.{called}")
    if written is not None:
        done["satisfy_any_threshold"] = False
        if isinstance(written.value, Scalar) and written.value.flag is not None:
            draft.tell(written, "exact", key=f"{group}.satisfy_any_threshold")
        else:
            draft.leave(written, _NO_FLAG, key=f"{group}.satisfy_any_threshold", wide=True)
    if found:
        draft.conditions.append(making.either(*found) if any_of_them else making.every(*found))
    return done


def _limit(match: re.Match[str]) -> tuple[tree.CompareOperator, tree.Number | tree.Duration, Bilingual | None]:
    operator = _OPERATORS[match.group(1) or ""]
    amount = int(match.group(2))
    if match.re is _NUMBER:
        return operator, making.number(amount), None
    unit = (match.group(3) or "day").lower()
    if unit in _DAYS:
        return operator, making.duration(amount * _DAYS[unit], "day"), _CALENDAR
    known: dict[str, tree.TimeUnit] = {"minute": "minute", "hour": "hour", "day": "day", "week": "week"}
    return operator, making.duration(amount, known[unit]), None


def _quality(draft: RuleDraft, entry: Entry, key: str, owner: str) -> bool:
    said = entry.value.text.strip().lower() if isinstance(entry.value, Scalar) else ""
    match = re.match(r"(==?|<=?|>=?)?\s*(\w+)\Z", said)
    if isinstance(entry.value, Listing) or match is None or match.group(2) not in QUALITIES:
        draft.leave(entry, _NO_QUALITY, key=key, wide=True)
        return True
    at = QUALITIES.index(match.group(2))
    wanted = {
        "<": QUALITIES[:at], "<=": QUALITIES[: at + 1], ">": QUALITIES[at + 1 :], ">=": QUALITIES[at:],
    }.get(match.group(1) or "", (QUALITIES[at],))  # fmt: skip
    if not wanted:
        draft.leave(entry, Bilingual("nothing is beyond the last of them", "没有比它更低或更高的"), key=key, wide=True)
        return True
    path = making.path(draft.book.declare(f"{owner}contributor_quality", "text"))
    draft.conditions.append(making.predicate(path, "one_of", *(making.text(one) for one in wanted)))
    draft.tell(entry, "exact", key=key)
    return True
