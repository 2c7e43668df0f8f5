"""Imported rules answer to the posts to which AutoModerator would answer: made-up rules and posts, compared."""

from __future__ import annotations

import random
from typing import Any

import pytest
import yaml
from automoderator import Post, matches

from communityrules import Engine
from communityrules.loading import loads
from communityrules.tables.sources import Wishes, import_data
from communityrules.tables.writing import write

WORDS = ["sale", "Free kittens", "[Meta]", "x_y", "buy-now", "café", "汉字", "a", "$5", "C++", "ass", "m.", "(ok)"]
TEXTS = [
    "", "sale", "SALES", "a sale!", "wholesale", "free  kittens", "Free Kittens today", "[meta] talk", "x[Meta]y",
    "see x_y.", "buy-now", "rebuy-nows", "the café", "cafés", "汉字", "看汉字吧", "pay $5", "US$55", "C++", "C++11",
    "class", "ass", "ass汉", "éass", "an (ok) b", "one\nsale\ntwo", "  sale?!  ", "12345", "a1b2", "aaaa", "b a", "!!!",
]  # fmt: skip
REGEXES = [
    r"sales?", r"\bsale\b", r"^sale$", r"free\s+kittens", r"[a-c]\d", r"\d{3,}", r"(?i)CAF", r".*kit.*", r"(a|\[)meta?",
    r"\(?ok\)?", r"x_|y_", r"a+$", r"\$\d", r"[^a-z]{3}",
]  # fmt: skip
FIELDS = ["title", "body", "title+body", "domain", "url", "flair_text", "id", "body+url", "title#2"]
METHODS = ["", "includes", "includes-word", "starts-with", "ends-with", "full-exact", "full-text"]
DOMAINS = ["shop.example", "m.shop.example", "notshop.example", "self.club", "video.example"]
KINDS = ["comment", "submission", "text submission", "link submission", "any"]


def made_up_rule(choose: random.Random) -> dict[str, Any]:
    rule: dict[str, Any] = {}
    if choose.random() < 0.5:
        rule["type"] = choose.choice(KINDS)
    for _ in range(choose.choice([0, 1, 1, 2])):
        field = choose.choice(FIELDS)
        if rule.get("type") == "comment" and "body" not in field:
            field = "body"
        modifiers = [choose.choice(METHODS)]
        regex = choose.random() < 0.3
        modifiers += ["regex"] if regex else []
        modifiers += ["case-sensitive"] if choose.random() < 0.2 else []
        named = ", ".join(one for one in modifiers if one)
        key = ("~" if choose.random() < 0.3 else "") + field + (f" ({named})" if named else "")
        pool = REGEXES if regex else DOMAINS if field in ("domain", "url") else WORDS
        values = choose.sample(pool, choose.choice([1, 2, 3]))
        rule[key] = values[0] if choose.random() < 0.3 else values
    if choose.random() < 0.2:
        rule[choose.choice(["body_longer_than", "body_shorter_than"])] = choose.choice([0, 1, 3, 8])
    if choose.random() < 0.4:
        known: dict[str, Any] = {
            "comment_karma": choose.choice(["< 5", "> 5", "5"]), "account_age": choose.choice(["< 3 days", "> 3"]),
            "satisfy_any_threshold": True, "name": ["bob", "amy-x"], "~flair_text": "Trusted",
        }  # fmt: skip
        rule["author"] = {key: value for key, value in known.items() if choose.random() < 0.4} or "bob"
    rule["action"] = choose.choice(["remove", "filter", "report", "spam"])
    if choose.random() < 0.3:
        rule["moderators_exempt"] = choose.choice([True, False])
    return rule


def made_up_post(choose: random.Random) -> Post:
    author = {
        "name": choose.choice(["bob", "amy-x", "amy", "Bob"]), "flair_text": choose.choice(["", "Trusted", "x"]),
        "comment_karma": choose.choice([-3, 4, 5, 6]), "account_age": choose.choice([1, 3, 5]),
    }  # fmt: skip
    moderator = choose.random() < 0.15
    if choose.random() < 0.4:
        return Post(True, choose.choice(TEXTS), author=author, moderator=moderator, id=choose.choice(["a", "p1"]))
    linked = choose.random() < 0.4
    domain = choose.choice(DOMAINS) if linked else "self.club"
    return Post(
        False, "" if linked and choose.random() < 0.8 else choose.choice(TEXTS), choose.choice(TEXTS[1:]), domain,
        f"https://{domain}/sale" if linked else "", choose.choice(["", "[Meta]", "Sale", "a"]),
        choose.choice(["a", "p1"]), author, moderator,
    )  # fmt: skip


def event_of(post: Post, number: int) -> dict[str, Any]:
    """The post as a host sends it: what a comment has not, and what is empty, is left out."""
    message = {"text": post.body, "id": post.id}
    given = {"title": post.title, "domain": post.domain, "url": post.url, "flair_text": post.flair_text}
    message |= {"reply_to": "p0"} if post.comment else {key: value for key, value in given.items() if value}
    member = {
        "id": "t1", "name": post.author["name"], "comment_karma": post.author["comment_karma"],
        "account_age": post.author["account_age"] * 86_400, "roles": ["moderator" if post.moderator else "member"],
        "flair_text": post.author["flair_text"],
    }  # fmt: skip
    return {
        "id": f"e{number}", "time": "2026-01-01T00:00:00Z", "type": "message", "community": "club", "message": message,
        "member": member,
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_the_same_posts_are_answered(seed: int) -> None:
    choose = random.Random(seed)
    rules = {f"rule {number}": made_up_rule(choose) for number in range(25)}
    text = "\n---\n".join(
        yaml.safe_dump({**rule, "action_reason": name}, allow_unicode=True, sort_keys=False)
        for name, rule in rules.items()
    )
    _, imported = import_data(text.encode(), "made-up.yaml", Wishes("en", "made up"))
    written = write(imported, "en", "made-up.rules")
    assert not [one for one in written.diagnostics if one.severity == "error"]
    rulebook = loads(written.text)
    engine = Engine(rulebook)
    # Where a `\\b` stays the report says that it differs.
    loose = {one.rule for one in imported.account.items if one.why.en.startswith("`\\b`")}
    names = {one.name for one in rulebook.checked.rules if one.id not in loose}
    assert len(names) > 15
    for number in range(120):
        post = made_up_post(choose)
        answered = {one.name for one in engine.judge(event_of(post, number)).outcomes}
        for name in names:
            assert (name in answered) == matches(rules[name], post), (rules[name], post)
