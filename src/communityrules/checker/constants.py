"""Values that are written in the rules, by the class of their nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from communityrules.checker import checked, dates
from communityrules.checker.context import Context
from communityrules.checker.wording import text_of
from communityrules.language import tree
from communityrules.model.values import BOOLEAN, DATE, DURATION, NUMBER, TEXT, TIME_OF_DAY

if TYPE_CHECKING:
    from communityrules.checker.expressions import Resolver


def _text(node: tree.Text, _: Resolver, __: Context) -> checked.Const:
    return checked.Const(node.value, TEXT)


def _number(node: tree.Number, _: Resolver, __: Context) -> checked.Const:
    return checked.Const(dates.whole(node.value), NUMBER)


def _duration(node: tree.Duration, resolver: Resolver, _: Context) -> checked.Const | None:
    micros = dates.length(node, resolver.report, zero=True)
    return checked.Const(micros, DURATION, text_of(node)) if micros is not None else None


def _day(node: tree.Day, _: Resolver, __: Context) -> checked.Const:
    return checked.Const(node.value, DATE)


def _time_of_day(node: tree.TimeOfDay, _: Resolver, __: Context) -> checked.Const:
    return checked.Const(node.minutes, TIME_OF_DAY, text_of(node))


def _flag(node: tree.Flag, _: Resolver, __: Context) -> checked.Const:
    return checked.Const(node.value, BOOLEAN)


CONSTANTS: Final[dict[type, Callable[[Any, Resolver, Context], checked.Const | None]]] = {
    tree.Text: _text,
    tree.Number: _number,
    tree.Duration: _duration,
    tree.Day: _day,
    tree.TimeOfDay: _time_of_day,
    tree.Flag: _flag,
}
