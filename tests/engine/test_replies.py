"""A reply is a message that answers another, whether a host calls it `reply` or `message`."""

from __future__ import annotations

from typing import Any

import pytest

from communityrules import Engine, loads

BOOK = """rulebook "x"
rule 1 "Replies"
  should
  on reply
  then remind "a reply"
rule 2 "Many replies"
  must not
  on reply
  if count(reply by member within 1 hour) >= 2
  then flag
rule 3 "All messages"
  should
  on message
  if count(message by member within 1 hour) >= 3
  then flag
"""


def event(number: int, kind: str, reply_to: str | None) -> dict[str, Any]:
    return {
        "id": f"e{number}", "time": f"2024-10-08T09:00:{number:02d}Z", "type": kind, "community": "c",
        "member": {"id": "amy"}, "message": {"text": "hi", "reply_to": reply_to},
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["message", "reply"])
def test_both_start_rules_and_are_counted(kind: str) -> None:
    with Engine(loads(BOOK)) as engine:
        answers = [
            [one.rule for one in engine.judge(event(number, *given)).outcomes]
            for number, given in enumerate([("message", None), (kind, "e0"), (kind, "e0")])
        ]
    assert answers == [[], ["1"], ["1", "2", "3"]]
