"""AutoModerator as its documentation describes it, in the plainest way: what the imported rulebooks are compared with.

It knows the checks that the tests make up: search checks over a post and its author, karma and age, lengths, types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

WRAPPED = {
    "includes-word": r"(?:^|\W|\b)(?:{})(?:$|\W|\b)",
    "includes": "(?:{})",
    "starts-with": "^(?:{})",
    "ends-with": r"(?:{})\Z",
    "full-exact": r"^(?:{})\Z",
    "full-text": r"^\W*(?:{})\W*\Z",
    "domain": r"^(?:.*\.)?(?:{})\Z",
}
DEFAULTS = {"domain": "domain", "id": "full-exact", "url": "includes", "flair_text": "full-exact"}
#: Actions that only submissions know; a rule of any type that asks for one is about these.
ON_SUBMISSIONS = {"set_flair", "overwrite_flair", "set_sticky", "set_nsfw", "set_suggested_sort"}
ONLY_SUBMISSIONS = {"title", "domain", "url", "flair_text"}


@dataclass(frozen=True)
class Post:
    """What somebody posted. A comment has no title, domain, url or flair."""

    comment: bool
    body: str = ""
    title: str = ""
    domain: str = ""
    url: str = ""
    flair_text: str = ""
    id: str = "p1"
    author: dict[str, Any] = field(default_factory=dict)
    moderator: bool = False

    def value(self, name: str) -> str:
        found: str = getattr(self, name)
        return found


def matches(rule: dict[str, Any], post: Post) -> bool:
    """Whether a rule's conditions hold for a post."""
    rule = {key.lower(): value for key, value in rule.items()}
    exempt = rule.get("moderators_exempt", rule.get("action") in ("remove", "spam", "filter", "report"))
    if post.moderator and exempt:
        return False
    kind = rule.get("type", "any")
    if kind == "comment" and not post.comment:
        return False
    if kind != "any" and kind != "comment" and post.comment:
        return False
    if kind == "text submission" and post.url:
        return False
    if kind == "link submission" and not post.url:
        return False
    if post.comment and ON_SUBMISSIONS & set(rule):
        return False
    checks = [(key, value) for key, value in rule.items() if is_search(key)]
    if post.comment and any(set(fields_of(key)) <= ONLY_SUBMISSIONS for key, _ in checks):
        return False
    looked = False
    for key, value in checks:
        fields = [one for one in fields_of(key) if not (post.comment and one in ONLY_SUBMISSIONS)]
        if not post.comment and post.url and not post.body:
            fields = [one for one in fields if one != "body"]
        if not post.comment and not post.url:
            fields = [one for one in fields if one != "url"]
        looked = looked or bool(fields)
        found = any(fits(key, value, post.value(one)) for one in fields)
        if found == key.startswith("~"):
            return False
    if checks and not looked:
        return False
    body = re.sub(r"^\W+|\W+\Z", "", post.body)
    if "body_longer_than" in rule and len(body) <= rule["body_longer_than"]:
        return False
    if "body_shorter_than" in rule and (len(body) >= rule["body_shorter_than"] or (post.url and not post.body)):
        return False
    author = rule.get("author")
    return author is None or author_matches(author, post.author)


def author_matches(rule: Any, author: dict[str, Any]) -> bool:
    if not isinstance(rule, dict):
        rule = {"name": rule}
    limits = [key for key in rule if key in ("comment_karma", "account_age")]
    held = [compare(str(rule[key]), author[key]) for key in limits]
    if held and not (any(held) if rule.get("satisfy_any_threshold") else all(held)):
        return False
    for key, value in rule.items():
        if key.lstrip("~").split(" ")[0] in ("name", "flair_text") and fits(
            key, value, author[fields_of(key)[0]]
        ) == key.startswith("~"):
            return False
    return True


def compare(said: str, value: int) -> bool:
    sign, number = re.match(r"([<>=]?)\s*(-?\d+)", said).groups()  # type: ignore[union-attr]
    return {"<": value < int(number), ">": value > int(number)}.get(sign, value == int(number))


def is_search(key: str) -> bool:
    return all(one in {*ONLY_SUBMISSIONS, "body", "id"} for one in fields_of(key))


def fields_of(key: str) -> list[str]:
    return re.split(r"[\s(#]", key.lstrip("~"))[0].split("+")


def fits(key: str, value: Any, text: str) -> bool:
    modifiers = re.findall(r"[\w-]+", key.partition("(")[2])
    method = next((one for one in modifiers if one in WRAPPED), None)
    fields = fields_of(key)
    if method is None:
        method = DEFAULTS.get(fields[0], "includes-word") if len(fields) == 1 else "includes-word"
    values = [str(one) for one in (value if isinstance(value, list) else [value])]
    # Flags within an expression hold for all of it; Python no longer takes them there.
    inside = "|".join(one.replace("(?i)", "") if "regex" in modifiers else re.escape(one) for one in values)
    flags = re.DOTALL | (re.NOFLAG if "case-sensitive" in modifiers else re.IGNORECASE)
    return re.search(WRAPPED[method].format(inside), text, flags) is not None
