"""Decisions without an engine."""

from __future__ import annotations

from handmade import NOON, NOTHING, happening, member, rule, rulebook

from communityrules.checker.checked import Action, DurationRange, FieldRef
from communityrules.compiler.compile import compile_rulebook
from communityrules.model.decision import ActionTaken
from communityrules.model.event import Event, Message, Target
from communityrules.model.values import DAY, MEMBER


def evaluate(*rules: object, event: Event | None = None) -> tuple[str, list[tuple[ActionTaken, ...]]]:
    decision = compile_rulebook(rulebook(rules)).evaluate(event or happening("hi"), NOTHING)  # type: ignore[arg-type]
    return decision.verdict, [outcome.actions for outcome in decision.outcomes]


def test_the_strictest_verdict_wins() -> None:
    flag, hold, delete = (
        Action(do, arguments) for do, arguments in (("flag", {}), ("hold", {"for": "staff"}), ("delete", {}))
    )
    assert evaluate()[0] == "allow"
    assert evaluate(rule("1", actions=(flag,)))[0] == "flag"
    assert evaluate(rule("1", actions=(flag, hold)), rule("2", actions=(flag,)))[0] == "hold"
    assert evaluate(rule("1", actions=(hold,)), rule("2", actions=(delete,)))[0] == "block"
    assert evaluate(rule("1", actions=(delete,), trial_end=NOON + 1), rule("2", actions=(flag,)))[0] == "flag"
    assert (
        evaluate(rule("1", actions=(delete,)), rule("2", actions=(Action("allow", {}),), overrides=("1",)))[0]
        == "allow"
    )
    assert evaluate(rule("1", actions=(Action("penalty", {"penalty": "standard"}),)))[0] == "allow"


def test_actions_say_what_they_fall_on() -> None:
    ban = Action("ban", {"range": DurationRange(DAY, 30 * DAY), "set_by": "managers"})
    against = Action("warn", {}, against=FieldRef("target", "member", MEMBER))
    notify = Action("notify", {"to": "managers"})
    _, [actions] = evaluate(rule("1", actions=(Action("delete", {}), ban, against, notify)))
    assert actions == (
        ActionTaken("delete", {"message": "m1"}, {}),
        ActionTaken("ban", {"member": "amy"}, {"duration": DAY, "up_to": 30 * DAY, "set_by": "managers"}),
        ActionTaken("notify", {}, {"to": "managers"}),
    )
    report = Event(
        "r", NOON, "report", "c1", member=member("bob"), target=Target(message="m9", member="cai"),
        subject=member("cai"), subject_message=Message("m9", "x"),
    )  # fmt: skip
    _, [actions] = evaluate(rule("1", events=("report",), actions=(Action("delete", {}), against)), event=report)
    assert [dict(action.on) for action in actions] == [{"message": "m9"}, {"member": "cai"}]


def test_outcomes_carry_the_rules_words() -> None:
    book = rulebook([rule("1", name="Spam", actions=(Action("flag", {}),))], version="2")
    decision = compile_rulebook(book).evaluate(happening("hi"), NOTHING)
    (outcome,) = decision.outcomes
    assert (outcome.rule, outcome.name, outcome.content, outcome.modality, outcome.verdict) == (
        "1",
        "Spam",
        "1",
        "must_not",
        "flag",
    )
    assert (decision.event, decision.community, decision.time) == ("m1", "c1", NOON)
    assert (decision.rulebook.name, decision.rulebook.version) == ("Test", "2")
