"""What follows a breach: single consequences, and ladders of them."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, Literal

from communityrules.diagnostics.message import Bilingual
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import numbers, said
from communityrules.tables.drafting.phrases import Phrase, joined_phrase, lines_of, pattern
from communityrules.tables.drafting.prohibitions import subjects
from communityrules.tables.drafting.sentence import TAKEN, Reading
from communityrules.tables.making import NOWHERE

#: In the order of looking.
_KINDS: Final = (
    "ban_for", "mute_for", "mute_forever", "ban", "kick", "deduct", "award", "warn", "remind", "delete", "hold",
    "notify", "mute",
)  # fmt: skip
_ORDINALS: Final = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "fifth": 5,
    "5th": 5,
}
_GUARDS: Final = re.compile(
    r"情节|视|酌情|或(?!者?以上)|可能|有权|可(?!以?获)|严重|恶意|屡|若|如果|(?<![a-z])(?:may|might|or|"
    r"depending|severe|serious|severity|up to|at least|if|unless|can)(?![a-z])"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Consequences of one stretch of a sentence."""

    start: int
    end: int
    #: Actions with the number of the offence that they follow; None follows any.
    steps: tuple[tuple[int | Literal["then_on"] | None, tuple[tree.Action, ...]], ...]
    assumed: tuple[Bilingual, ...] = ()
    #: Why it cannot be drafted.
    why: Bilingual | None = None

    @property
    def ladder(self) -> bool:
        return any(when is not None for when, _ in self.steps)

    @property
    def actions(self) -> tuple[tree.Action, ...]:
        return tuple(one for _, actions in self.steps for one in actions)


@cache
def _looked() -> tuple[Phrase, dict[str, str]]:
    """All consequences as one phrase, and of which kind each of its patterns is."""
    kinds: dict[str, str] = {}
    for kind in _KINDS:
        for line in lines_of("consequences", kind):
            for form in line[:3]:
                kinds.setdefault(form, kind)
    return joined_phrase("consequences", *_KINDS), kinds


def _kind(match: re.Match[str]) -> str:
    return _looked()[1][match.re.pattern]


def consequences(reading: Reading, *, whole: bool = False, alone: re.Pattern[str] | None = None) -> Found | None:
    """The consequences that a sentence names for a breach, marked as understood; None when it names none.

    `whole`: the sentence is known to speak of a breach. `alone`: what lets consequences stand without what they follow.
    """
    text = reading.left
    looked = _looked()[0]
    if not looked.lines(reading.held):
        return None
    actions = [one for one in looked.finditer(text, held=reading.held) if TAKEN not in one[0]]
    if not actions or (not whole and all(_kind(one) in ("hold", "notify") for one in actions)):
        # Held for what? Review is read on its own.
        return None
    nths = [one for one in pattern("consequences", "nth").finditer(text, held=reading.held) if TAKEN not in one[0]]
    breaker = pattern("consequences", "breaker").search(text[: actions[0].start()], held=reading.held)
    breaker = breaker if breaker is not None and TAKEN not in breaker[0] and breaker[0].strip() else None
    if not re.search(r"(?:for|the) (?:the )?(?:first|1st)", text):
        nths = [one for one in nths if one.start() < actions[-1].start()]
    start = min([one.start() for one in (breaker, *nths[:1]) if one is not None] + [actions[0].start()])
    end = max(one.end() for one in (*actions, *nths))
    between = "".join(_between(text, start, end, actions, nths, breaker))
    stray = pattern("consequences", "between").sub("", between)
    broken = breaker is not None or bool(nths) or whole
    if not broken and (alone is None or not alone.search(text)) and not _subject(text[: actions[0].start()]):
        # Words for sanctions in a sentence that is about something else.
        return None
    if _GUARDS.search(text[start:end]) or _GUARDS.search(text[max(0, start - 4) : start]):
        reading.take(start, end)
        return Found(start, end, (), why=said.STEPS)
    if re.search(r"[^\W_]", stray):
        reading.take(start, end)
        return Found(start, end, (), why=said.STEPS)
    if re.search(
        r"警告了?[0-9一二两三四五六七八九十]+次(?:之?后|,?[即则就]|再)|after .{0,12}warnings", text[start:end]
    ):
        # Whether the last warning or the breach after it brings what follows is not clear.
        reading.take(start, end)
        return Found(start, end, (), why=said.STEPS)
    found = _steps(actions, nths, text)
    reading.take(start, end)
    if found is None:
        return Found(start, end, (), why=said.STEPS)
    steps, assumed = found
    if re.search(r"[月年]|month|year", text[start:end]):
        assumed = (*assumed, said.MONTHS)
    return Found(start, end, steps, assumed)


def _subject(before: str) -> bool:
    """Whether all that stands before a consequence is the name of something forbidden: 广告一经发现立即删除."""
    return bool(subjects(before))


def _between(
    text: str,
    start: int,
    end: int,
    actions: list[re.Match[str]],
    nths: list[re.Match[str]],
    breaker: re.Match[str] | None,
) -> list[str]:
    spans = sorted(one.span() for one in (*actions, *nths, *((breaker,) if breaker is not None else ())))
    kept, at = [], start
    for first, last in spans:
        if first > at:
            kept.append(text[at:first] + " ")
        at = max(at, last)
    if at < end:
        kept.append(text[at:end])
    return kept


_Steps = tuple[tuple["int | Literal['then_on'] | None", tuple[tree.Action, ...]], ...]


def _steps(
    actions: list[re.Match[str]], nths: list[re.Match[str]], text: str
) -> tuple[_Steps, tuple[Bilingual, ...]] | None:
    grouped: dict[int | None, list[tree.Action]] = {}
    after: dict[int | None, bool] = {}
    current: int | None = None
    for match in _in_order(actions, nths):
        if match in nths:
            number = _number(match[0], current)
            if number is None or (current is not None and number <= current and grouped.get(current)):
                return None
            current = number
            after[current] = re.search(r"以上|起|以后|or more|repeat|further", match[0]) is not None
            continue
        action = _action(match)
        if action is None:
            return None
        grouped.setdefault(current, []).append(action)
    if None in grouped and len(grouped) > 1:
        # `warning, then mute`: the first of them is the first step.
        if 1 in grouped:
            return None
        grouped[1] = grouped.pop(None)
    numbers_named = sorted(one for one in grouped if one is not None)
    if not numbers_named:
        return ((None, tuple(grouped[None])),), ()
    if numbers_named == [1] or (
        len(numbers_named) == 1 and not re.search(r"累[计积]|达到?|满|违规|违反|offen|violat|breach|strike", text)
    ):
        # One step of a ladder whose others stand elsewhere.
        return None
    return _ladder(grouped, numbers_named, after)


def _in_order(actions: list[re.Match[str]], nths: list[re.Match[str]]) -> list[re.Match[str]]:
    """Each number before what follows it; `a warning for the first, a mute for the second` names it behind."""
    ordered = sorted((*actions, *nths), key=lambda one: one.start())
    pairs = list(zip(ordered[::2], ordered[1::2], strict=False))
    if len(ordered) == 2 * len(pairs) and len(pairs) > 1 and all(one in actions and two in nths for one, two in pairs):
        return [one for first, second in pairs for one in (second, first)]
    return ordered


def _ladder(
    grouped: dict[int | None, list[tree.Action]], named: list[int], after: dict[int | None, bool]
) -> tuple[_Steps, tuple[Bilingual, ...]] | None:
    if named[-1] > 12:
        return None
    assumed: list[Bilingual] = []
    steps: list[tuple[int | Literal["then_on"] | None, tuple[tree.Action, ...]]] = []
    last: tuple[tree.Action, ...] | None = None
    for number in range(1, named[-1] + 1):
        if number in grouped:
            last = tuple(grouped[number])
        elif last is None and said.EARLIER not in assumed:
            assumed.append(said.EARLIER)
        steps.append((number, last if last is not None else (making.action("remind"),)))
    if (
        last is not None
        and not any(one.name.text == "ban" and not one.arguments for one in last)
        and not _forever(last)
    ):
        steps.append(("then_on", last))
        if not after.get(named[-1]):
            assumed.append(said.LATER_TOO)
    return tuple(steps), tuple(assumed)


def _forever(actions: tuple[tree.Action, ...]) -> bool:
    return any(isinstance(argument.value, tree.Forever) for one in actions for argument in one.arguments)


def _number(text: str, current: int | None) -> int | None:
    for word, value in _ORDINALS.items():
        if re.search(rf"(?<![a-z0-9]){word}(?![a-z])", text):
            return value
    if re.search(r"首次|初次|初犯", text):
        return 1
    found = re.search(numbers.NUMBER, text)
    if found is not None:
        said_number = numbers.number(found[0])
        if said_number is None or said_number != said_number.to_integral_value() or said_number < 1:
            return None
        return int(said_number)
    return (current or 1) + 1


def _action(match: re.Match[str]) -> tree.Action | None:
    kind = _kind(match)
    if kind in ("ban_for", "mute_for"):
        length = re.search(numbers.LENGTH, match[0])
        found = numbers.length(length[0]) if length is not None else None
        if found is None or found.working:
            return None
        # A month of a sanction is thirty days, a year 365.
        days = {"month": 30, "year": 365}.get(found.unit)
        duration = (
            tree.Duration(found.amount * days, "day", NOWHERE)
            if days
            else tree.Duration(found.amount, found.unit, NOWHERE)
        )
        if found.unit == "quarter":
            return None
        return _with(kind[:-4], duration)
    if kind == "mute_forever":
        return _with("mute", tree.Forever(NOWHERE))
    if kind == "mute":
        # How long is not said.
        return None
    if kind in ("deduct", "award"):
        found_numbers = re.findall(numbers.NUMBER, match[0])
        value = numbers.number(found_numbers[-1]) if found_numbers else None
        return None if value is None else making.action(kind, making.number(value), making.path("points"))
    if kind in ("hold", "notify"):
        return making.action(kind, making.path("staff"))
    return making.action(kind)


def _with(name: str, value: tree.Duration | tree.Forever) -> tree.Action:
    return tree.Action(making.name(name), (tree.Argument("", value, NOWHERE),), (), NOWHERE)


def declaration(name: str, found: Found, words: str, comments: tuple[str, ...]) -> tree.PenaltyDeclaration:
    """The penalty of a ladder."""
    lines = tuple(
        tree.PenaltyStep(when if when is not None else "always", actions, NOWHERE) for when, actions in found.steps
    )
    return tree.PenaltyDeclaration(making.name(name), None, lines, NOWHERE, making.layout(words, *comments))
