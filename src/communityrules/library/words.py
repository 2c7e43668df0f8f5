"""Words of the library that stand as arguments: groups that are always there, priorities, units, ids of no rule."""

from __future__ import annotations

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Names, Word

#: The roles of the group `staff`, which is there unless the rulebook declares its own. Its name is the same in both
#: languages, because a name that a writer may declare is never translated.
STAFF = "staff"
STAFF_ROLES = ("owner", "admin", "moderator", "service")

#: The group of every member.
EVERYONE = "everyone"
GROUPS = {one.names.en: one for one in (Word(Names(EVERYONE, "所有人"), Bilingual("Every member.", "每一名成员。")),)}

PRIORITIES = {
    one.names.en: one
    for one in (
        Word(Names("urgent", "紧急"), Bilingual("Before everything else.", "先于一切。")),
        Word(Names("high", "高"), Bilingual("Before what is normal.", "先于普通。")),
        Word(Names("normal", "普通"), Bilingual("In turn.", "依次。")),
        Word(Names("low", "低"), Bilingual("When there is time.", "有空再办。")),
    )
}

UNITS = {
    one.names.en: one
    for one in (Word(Names("points", "分", ("point",)), Bilingual("Points of the ledger.", "积分。")),)
}

#: Ids under which the engine itself answers, as rules call them.
RESERVED_RULES = {
    one.en: one
    for one in (
        Names("mute", "禁言"),
        Names("power", "权限"),
        Names("breaker", "熔断"),
        Names("leaderboard", "排行榜"),
    )
}
