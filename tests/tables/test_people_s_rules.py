"""The AutoModerator files that people run answer here as they do there: posts made of their own words, compared."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from automoderator import Post, is_search, matches
from imports import imported
from test_acts_as_automoderator import event_of

from communityrules import Engine
from communityrules.loading import loads
from communityrules.tables.automoderator.documents import Document, Mapping, read_documents

FILES = sorted((Path(__file__).parents[3] / "shared" / "data" / "rulebooks").glob("automod_*.yaml"))
#: What the plain AutoModerator of these tests knows beside search checks.
KNOWN = {
    "type", "author", "action", "action_reason", "comment", "message", "modmail", "modmail_subject", "message_subject",
    "moderators_exempt", "priority", "set_flair", "overwrite_flair", "set_sticky", "comment_stickied",
    "body_longer_than", "body_shorter_than", "set_suggested_sort",
}  # fmt: skip
AUTHOR = {"comment_karma", "account_age", "satisfy_any_threshold", "name", "~flair_text", "flair_text"}


def understood(rule: dict[str, Any]) -> bool:
    author = rule.get("author", {})
    # `\\p{…}` is no expression of Python's.
    if "\\p{" in str(rule):
        return False
    return all(key.lower() in KNOWN or is_search(key) for key in rule) and (
        not isinstance(author, dict) or set(author) <= AUTHOR
    )


def words_of(rules: list[dict[str, Any]]) -> list[str]:
    """Everything that the rules look for, as it is written, and some of it changed."""
    found = ["hello", "a question about stars", "see https://shop.example/x"]
    for rule in rules:
        for key, value in rule.items():
            if is_search(key):
                found += [str(one) for one in (value if isinstance(value, list) else [value])]
    return [changed for one in found for changed in (one, one.upper(), f"well, {one}!", f"x{one}y", f"{one} {one}")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_same_posts_are_answered(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    written = imported(text, file=file.name)
    parts = [one for one in read_documents(text) if isinstance(one, Document) and isinstance(one.value, Mapping)]
    rules = [one for one in yaml.safe_load_all(text) if isinstance(one, dict)]
    assert len(parts) == len(rules)
    told = written.imported.account.items
    compared: dict[str, dict[str, Any]] = {}
    for part, rule in zip(parts, rules, strict=True):
        assert isinstance(part.value, Mapping)
        lines = {entry.line for entry in part.value.entries}
        here = [one for one in told if one.line in lines]
        loose = any(one.why.en.startswith(("`\\b`", "it waits")) or "could not be" in one.why.en for one in here)
        if understood(rule) and not loose and here[0].rule is not None:
            compared[here[0].rule] = rule
    if not compared:
        pytest.skip("no rule here that these tests know enough of")
    choose = random.Random(file.name)
    words = words_of(list(compared.values()))
    domains = [one for one in words if " " not in one and "." in one and one.isascii()] or ["a.example"]
    engine = Engine(loads(written.text))
    answered_some = set()
    for number in range(400):
        comment = choose.random() < 0.4
        linked = not comment and choose.random() < 0.5
        body = "" if linked else choose.choice(words)
        author = {
            "name": choose.choice(["bob", "AutoModerator"]), "flair_text": choose.choice(["", "Verified Account"]),
            "comment_karma": choose.choice([-30, 5, 50]), "account_age": choose.choice([1, 30]),
        }  # fmt: skip
        domain = choose.choice(domains) if linked else "self.club"
        post = Post(
            comment, body, "" if comment else choose.choice(words), "" if comment else domain,
            f"https://{domain}/a" if linked else "", "", "p1", author,
        )  # fmt: skip
        answered = {one.rule for one in engine.judge(event_of(post, number)).outcomes}
        for rule_id, rule in compared.items():
            assert (rule_id in answered) == matches(rule, post), (rule, post)
        answered_some |= answered & set(compared)
    assert answered_some
