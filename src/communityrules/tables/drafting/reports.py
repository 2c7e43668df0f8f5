"""How many members must report something before anything follows."""

from __future__ import annotations

import re
from typing import Final

from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import numbers, said
from communityrules.tables.drafting.norms import Norm
from communityrules.tables.drafting.penalties import consequences
from communityrules.tables.drafting.phrases import pattern
from communityrules.tables.drafting.sentence import Reading
from communityrules.tables.making import NOWHERE

_REPORTED: Final = re.compile(r"举报|检举|report|flag")
_MEMBERS: tuple[str, ...] = ("mute", "kick", "ban", "warn", "remind", "deduct")


def reports(reading: Reading) -> list[Norm]:
    """What a sentence lets follow a number of reports."""
    if not _REPORTED.search(reading.left):
        return []
    for looked in pattern("reports", "lines").lines(reading.held):
        match = looked.search(reading.left)
        if match is None:
            continue
        count = numbers.number(match["count"])
        if count is None or count != count.to_integral_value() or count < 1:
            continue
        words = reading.words
        reading.take(*match.span())
        followed = consequences(reading, whole=True)
        rest = reading.rest(
            0,
            len(reading.left),
            re.compile(r"该|其|同一|条|自动|系统|先|[,:]|automatically|same|member|user|account|it"),
        )
        whole = len(reading.left)
        reading.take(0, whole)
        if followed is None or followed.why is not None or followed.ladder or rest:
            return [Norm("todo", words, why=followed.why if followed and followed.why else said.NARROWER)]
        member = all(one.name.text in _MEMBERS for one in followed.actions)
        key = making.path("report.target" if member else "report.message")
        window = tree.Sliding(making.duration(30, "day"), NOWHERE)
        members = making.path("report.member")
        call = tree.Call(making.name("distinct"), (members,), (key,), window, None, NOWHERE)
        more = re.search(r"超过(?!.{0,6}以上)|more than", match[0]) is not None
        condition = making.compare(call, ">" if more else ">=", making.number(count))
        return [
            Norm(
                "report",
                words,
                events=("report",),
                condition=condition,
                actions=followed.actions,
                assumed=(said.WINDOW,),
            )
        ]
    return []
