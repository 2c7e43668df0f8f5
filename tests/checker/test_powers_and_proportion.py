"""Powers, caps and breakers in canonical form."""

from __future__ import annotations

from decimal import Decimal

import pytest

from communityrules.checker import canonical, checked
from communityrules.checker.check import check
from communityrules.diagnostics.source import Source
from communityrules.model.values import DAY, HOUR

GROUPS = """
group moderators as member.roles has "moderator"
group managers as member.roles has "manager"
"""
BOOK = (
    GROUPS
    + """
penalty ladder over 30 days
  always: mute 1 day
  at most 20 times within 1 day by member
power moderators may delete, ban up to 1 day, above that hold for managers within 4 hours
breaker 2.5% of members and at least 50 members within 1 day, then notify managers
"""
)


def read(text: str) -> checked.Rulebook:
    result = check(Source("a.rules", text))
    assert result.rulebook is not None, [one.text() for one in result.diagnostics]
    return result.rulebook


def test_what_is_written_is_what_is_checked() -> None:
    book = read(BOOK)
    assert book.penalties["ladder"].caps == (checked.PenaltyCap(20, DAY, True),)
    hold = checked.Action("hold", {"for": "managers", "within": 4 * HOUR})
    assert book.powers == (checked.Power("moderators", {"delete": None, "ban": DAY}, hold),)
    notify = checked.Action("notify", {"to": "managers"})
    assert book.breakers == (checked.Breaker(Decimal("0.025"), 50, DAY, (notify,)),)
    assert book.powers[0].text.startswith("power moderators may delete")


def test_a_rulebook_without_them_has_the_digest_that_it_had() -> None:
    form = canonical.to_json(read(GROUPS + "penalty ladder\n  always: warn\npower managers may ban\n"))
    assert "breakers" not in form
    assert "caps" not in form["penalties"]["ladder"]
    assert sorted(form["powers"][0]) == ["caps", "group", "is"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("at most 20", "at most 21"),
        (" by member", ""),
        ("within 4 hours", "within 5 hours"),
        (", above that hold for managers within 4 hours", ""),
        ("2.5%", "2.6%"),
        ("least 50", "least 51"),
        ("members within 1 day", "members within 2 days"),
        (", then notify managers", ""),
    ],
)
def test_what_judges_otherwise_changes_the_digest(old: str, new: str) -> None:
    assert old in BOOK
    assert read(BOOK).digest != read(BOOK.replace(old, new, 1)).digest


def test_the_longer_cap_counts_and_hard_caps_of_one_group_are_left_alone() -> None:
    def codes(text: str) -> list[str]:
        return [one.code for one in check(Source("a.rules", GROUPS + text)).diagnostics]

    assert codes("power moderators may ban up to 1 day\n") == []
    assert codes("power moderators may ban up to 1 day\npower managers may ban up to 2 days\n") == ["CR471"]
    assert codes("power moderators may ban up to 1 day\npower managers may ban\n") == []
    assert codes(
        "power moderators may ban up to 1 day\n"
        "power managers may ban up to 2 days, above that hold for staff\n"
    ) == []  # fmt: skip
    assert codes("power moderators may ban up to 1 day\npower moderators may ban\n") == ["CR470"]
    assert codes("power moderators may mute 1 day\n") == ["CR402"]
