"""The grace of an amendment: both texts hold, and what only the new one catches is reminded.

In place of all that punishes, holds or blocks, the new text reminds once whoever would have been struck; what else it
asks for it does. It opens no duties, counts no offence and is no breach.
"""

from __future__ import annotations

from collections.abc import Sequence

from communityrules.checker.checked import Rule
from communityrules.compiler.match import Hit
from communityrules.engine.acting import bearer, perform, show
from communityrules.engine.turn import Act, Affected, Answer, Turn
from communityrules.model.zones import format_instant, zone


def spoken(hits: Sequence[Hit]) -> list[Hit]:
    """The hits without those of new texts where the text before answers for itself."""
    settled = {hit.rule.id for hit in hits if not hit.grace}
    return [hit for hit in hits if not (hit.grace and hit.rule.id in settled)]


def answer(turn: Turn, made: Answer, acts: Sequence[Act], rule: Rule, affected: Affected) -> Answer:
    """What a new text does meanwhile."""
    assert rule.grace_end is not None
    until = format_instant(rule.grace_end, zone(turn.book.rulebook.timezone))
    made.evidence.append({"kind": "grace", "until": until})
    reminded = {bearer(act, affected) for act in acts if act.do == "remind"}
    do = perform if made.effective else show
    for act in acts:
        if not _strikes(turn, act):
            if act.do not in _ABOUT_DUTIES:
                do(turn, made, act, affected)
            continue
        member = bearer(act, affected)
        if member not in reminded:
            reminded.add(member)
            do(turn, made, Act("remind", {}, against=act.against, aimed=act.aimed), affected)
    return made


#: These are for the duties of an event, which a new text does not touch yet.
_ABOUT_DUTIES = frozenset({"assign", "release", "take_back"})


def _strikes(turn: Turn, act: Act) -> bool:
    return turn.book.punishes(act.do) or turn.book.verdict(act.do) in ("hold", "block")
