"""`mask` carries the text that a host can show, with all that the rule found in it covered."""

from typing import Any

import pytest
from village import Village

RULES = """
list rude = "idiot", "傻瓜"
pattern order = /\\b[A-Z]{2}\\d{4}\\b/

rule 1
  must not
  on message
  if message.text contains any of (phone_number, rude) or message.text matches order
  then mask
rule 2
  must not
  on message
  if message.labels.toxic > 0.5
  then mask
rule 3
  must not
  trial through 2030-01-01
  on edit
  if message.text contains any of rude
  then mask
"""


def masks(decision: Any) -> list[dict[str, Any]]:
    return [dict(one.arguments) for outcome in decision.outcomes for one in outcome.actions if one.do == "mask"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call 13812345678 or 13912345678, not a@b.com", "call 138****5678 or 139****5678, not a@b.com"),
        ("you idiot, IDIOT, 傻-瓜 and i.d.i.o.t", "you *****, *****, *-* and *.*.*.*.*"),
        ("you idiot, ring 13812345678", "you *****, ring 138****5678"),
        ("AB1234 and CD5678", "****** and ******"),
    ],
)
def test_everything_that_was_found_is_covered(text: str, shown: str) -> None:
    (told,) = masks(Village(RULES).send("09:00", "amy", "message", text))
    assert told == {"text": shown}


def test_what_was_judged_by_a_score_has_personal_data_covered() -> None:
    (told,) = masks(Village(RULES).send("09:00", "amy", "message", "write to ann@post.com", labels={"toxic": 0.9}))
    assert told == {"text": "write to a***@post.com"}


def test_a_rule_on_trial_shows_what_it_would_show() -> None:
    decision = Village(RULES).send("09:00", "amy", "edit", "idiot", message="m1")
    assert (decision.verdict, masks(decision)) == ("allow", [{"text": "*****"}])
