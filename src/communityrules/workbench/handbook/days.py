"""Days and instants of one rulebook: which version of a rule holds when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from communityrules.checker import dates
from communityrules.checker.texts import Texts
from communityrules.checker.versions import Version
from communityrules.language import tree


class Days:
    """The days of a rulebook; `day` is that of the handbook, None where the rulebook names none."""

    def __init__(self, texts: Texts, day: date | None) -> None:
        self._zone = texts.head.zone
        self.published = self.day_of(texts.head.published)
        self.day = (
            day or self.published or max(self._named(texts), default=None) or max(self._last(texts), default=None)
        )
        self.now = None if self.day is None else dates.midnight(self.day, self._zone)

    def midnight(self, day: date) -> int:
        return dates.midnight(day, self._zone)

    def day_of(self, moment: int | None) -> date | None:
        """The day on which an instant falls; None for none."""
        return None if moment is None else date.fromisoformat(dates.day_text(moment, self._zone))

    def last_before(self, moment: int) -> date:
        """The last day that is at least in part before an instant."""
        return date.fromisoformat(dates.day_text(moment - 1, self._zone))

    def is_coming(self, day: date) -> bool:
        return self.day is not None and day > self.day

    def within(self, start: int | None, end: int | None, moment: int | None = None) -> bool:
        """Whether `start <= moment < end`; the beginning of the handbook's day when none is given."""
        at = self.now if moment is None else moment
        if at is None:
            return True
        return (start is None or start <= at) and (end is None or at < end)

    def current(self, versions: Sequence[Version], moment: int | None = None) -> Version | None:
        """The text of a rule that is in force, the latest where a grace lets two hold."""
        return next((one for one in reversed(versions) if self.within(one.start, one.end, moment)), None)

    def template(self, dated: Iterable[tree.TemplateDeclaration]) -> tree.TemplateDeclaration | None:
        """The one of several texts of a message that is said on the day."""
        return next((one for one in dated if self._says(one)), None)

    def _says(self, one: tree.TemplateDeclaration) -> bool:
        if self.day is None:
            return True
        return (one.start is None or one.start.value <= self.day) and (one.end is None or self.day <= one.end.value)

    def value(self, parameter: tree.ParameterDeclaration) -> tree.DatedValue | None:
        """What a parameter is on the day."""
        held = [one for one in parameter.values if self.day is None or not one.start or one.start.value <= self.day]
        return held[-1] if held else None

    def _named(self, texts: Texts) -> Iterable[date]:
        """Every day from which something of the rulebook is as it is."""
        for versions in texts.versions.values():
            for one in versions:
                if (start := self.day_of(one.start)) is not None:
                    yield start
        for declared in texts.declarations:
            match declared:
                case tree.ParameterDeclaration():
                    yield from (one.start.value for one in declared.values if one.start is not None)
                case (
                    tree.TemplateDeclaration(start=tree.Day() as start_day) | tree.Repeal(start=tree.Day() as start_day)
                ):
                    yield start_day.value
                case _:
                    pass

    def _last(self, texts: Texts) -> Iterable[date]:
        """The last days of rules."""
        ends = (one.end for versions in texts.versions.values() for one in versions)
        return (self.last_before(end) for end in ends if end is not None)


def day_after(day: date) -> date | None:
    """The next day; None past the end of the calendar."""
    return None if day == date.max else day + timedelta(days=1)
