"""Templates in time: several texts of one name, each for its days, in the rulebook's zone."""

import pytest
from village import HEAD, Village, at

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source

RULES = """
template prices through 2026-06-30
  en "old"
template prices from 2027-01-01
  en "newest"
  zh "最新"
template prices from 2026-07-01
  en "new"

rule 1
  should
  on message
  then remind prices
"""


@pytest.mark.parametrize(
    ("when", "texts"),
    [
        ("2026-06-30 23:59:59.999999", {"en": "old"}),
        ("2026-07-01 00:00", {"en": "new"}),
        ("2026-12-31 23:59:59.999999", {"en": "new"}),
        ("2027-01-01 00:00", {"en": "newest", "zh": "最新"}),
    ],
)
def test_the_text_is_that_of_the_day(when: str, texts: dict[str, str]) -> None:
    assert dict(Village(RULES).send(when, "amy", "message", "hi").notices[0].texts) == texts


def codes(rules: str) -> list[tuple[str, str]]:
    found = check(Source("t.rules", HEAD + rules)).diagnostics
    return [(one.code, one.span.text if one.span is not None else "") for one in found]


def book(*heads: str, effective: str = "immediately", asks: str = "remind prices") -> str:
    texts = "".join(f'template prices {head}\n  en "a"\n' for head in heads)
    return f"{texts}\nrule 1\n  must\n  effective {effective}\n  on message\n  then {asks}\n"


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        (book("", "from 2026-01-01"), []),
        (book("", ""), [("CR204", "prices")]),
        (book("through 2026-01-31", "from 2026-02-01"), []),
        (book("through 2026-02-01", "from 2026-02-01"), [("CR615", "2026-02-01")]),
        (book("", "from 2026-02-01", "from 2026-02-01"), [("CR313", "2026-02-01")]),
        (book("", "from 2026-02-01 through 2026-01-01"), [("CR616", "prices"), ("CR303", "2026-01-01")]),
        (book("through 2026-01-31", "from 2026-02-02"), [("CR616", "prices")]),
        (book("from 2026-01-01"), [("CR616", "prices")]),
        (book("through 2026-01-31"), [("CR616", "prices")]),
        (book("from 2026-01-01", effective="from 2026-01-01"), []),
        (book("from 2026-01-01 through 2026-01-31", effective="from 2026-01-01 through 2026-01-31"), []),
        (
            book("from 2026-01-01 through 2026-01-31", effective="from 2026-01-01 through 2026-02-01"),
            [("CR616", "prices")],
        ),
        (
            book("through 2026-01-31", asks="hold for staff within 1 day, if late reject with prices"),
            [("CR616", "prices")],
        ),
    ],
)
def test_gaps_and_overlaps(rules: str, found: list[tuple[str, str]]) -> None:
    assert codes(rules) == found


def test_a_penalty_needs_its_texts_too() -> None:
    rules = book("through 2026-01-31", asks="penalty hard") + "penalty hard\n  always: warn with prices\n"
    assert ("CR616", "prices") in codes(rules)


def test_what_is_said_late_has_the_last_text_that_held() -> None:
    rules = """
    group staff as member.roles has "service"
    template prices through 2024-10-08
      en "old"
    rule 1
      must
      effective through 2024-10-08
      responsible staff
      on message
      require reply within 1 day, if late notify staff with prices
    """
    village = Village(rules)
    village.send("2024-10-08 20:00", "amy", "message", "hi")
    (late,) = village.until("2024-10-09 20:00")
    assert dict(late.notices[0].texts) == {"en": "old"}
    assert late.time == at("2024-10-09 20:00")
