"""What a draft says to whoever reads it: comments of what was assumed, and why something is left to do."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language

_FROM: Final = Bilingual('from: "{words}"', "原文:“{words}”")
_ASSUMED: Final = Bilingual("assumed: {what}", "假设:{what}")


@lru_cache(maxsize=4096)
def words_of(words: str, language: Language) -> str:
    return _FROM.fill(language, {"words": " ".join(words.split())})


@lru_cache(maxsize=1024)
def assumed_of(what: Bilingual, language: Language) -> str:
    return _ASSUMED.fill(language, {"what": what})


OWNER: Final = Bilingual("`staff` owes it; the words do not say who", "由 `staff` 负责;原文没有写明责任人")
FINDER: Final = Bilingual("`staff` judges it", "由 `staff` 认定")
REVIEWER: Final = Bilingual("`staff` reviews it; the words do not say who", "由 `staff` 审核;原文没有写明审核人")
DELETED: Final = Bilingual(
    "what is forbidden is deleted; the words do not say what follows", "违反的消息予以删除;原文没有写明如何处理"
)
HELD: Final = Bilingual("it waits for staff, who see whether there was consent", "先送审,由管理人员看是否得到同意")
REMINDED: Final = Bilingual("a reminder follows; the words do not say what follows", "予以提醒;原文没有写明如何处理")
WHO_ANSWERS: Final = Bilingual("it speaks of feedback", "所指的是反馈")
FORBIDDEN: Final = Bilingual("what counts as that is forbidden", "被视为如此的,即为禁止")
LISTED: Final = Bilingual("what is listed under this name is forbidden", "此名称之下所列的,即为禁止")
WHOSE: Final = Bilingual(
    "whosever data it is: messages do not tell; telephone numbers, cards, addresses and e-mail are found",
    "不论是谁的信息:从消息中看不出;能识别电话、证件与卡号、地址和邮箱",
)
REPEATED: Final = Bilingual(
    "three times nearly the same within 10 minutes is repetition", "10分钟内三次内容相同或相近即为重复"
)
FLOODED: Final = Bilingual("the limits of `pack:flooding` tell a flood", "以 `pack:flooding` 的界限判断刷屏")
ROLE: Final = Bilingual("`{name}` are the members with one of these roles", "有这些角色之一的成员即为 `{name}`")
WINDOW: Final = Bilingual(
    "reports of the last 30 days count; the words set no time", "计最近30天内的举报;原文没有写明时段"
)
LATER_TOO: Final = Bilingual(
    "what follows the last step named holds for later offences, too", "所写的最后一档也用于此后各次"
)
EARLIER: Final = Bilingual("before the first step named there is a reminder", "所写的第一档之前只作提醒")
WORKDAYS: Final = Bilingual(
    "a working day is Monday to Friday, without public holidays", "工作日为周一至周五,不含法定节假日"
)
WORKDAYS_PLAIN: Final = Bilingual("a working day is Monday to Friday", "工作日为周一至周五")
ANY_BREACH: Final = Bilingual("it follows a breach of any rule of this rulebook", "违反本手册任何一条规则都如此处理")
DATES: Final = Bilingual("long-term means from the beginning and without an end", "“长期”即自始生效、没有期限")
ZONE: Final = Bilingual("times are those of this zone; the table names none", "时刻按此时区;表中没有写明")
NOT_ASKED: Final = Bilingual("It allows something or asks nothing.", "只是允许,或未作要求。")
WHOLE: Final = Bilingual("Not understood.", "未能识别。")
NO_NUMBER: Final = Bilingual("No time is given.", "没有写明期限。")
NO_HOURS: Final = Bilingual("It does not say from when to when.", "没有写明从几点到几点。")
NARROWER: Final = Bilingual("It has a condition or an exception that was not understood.", "有未能识别的条件或例外。")
MONTHS: Final = Bilingual("a month of a sanction is 30 days, a year 365", "处罚中的一个月按30天、一年按365天计")
STEPS: Final = Bilingual("What follows is not stated in full.", "处罚没有写全。")
UNKNOWN_TRIGGER: Final = Bilingual("It does not say what opens the duty.", "没有写明因何事而起。")
UNKNOWN_DATE: Final = Bilingual("effective: {words}", "实施时间:{words}")
UNKNOWN_SCOPE: Final = Bilingual("applies to: {words}", "适用对象:{words}")
SPLIT: Final = Bilingual("the rest of rule {id}", "规则 {id} 的其余部分")
OTHER_DEADLINE: Final = Bilingual(
    "Rule {id} sets another deadline for the same.", "规则 {id} 对同一事项规定了别的期限。"
)
INSTEAD: Final = Bilingual("the rules of the pack are replaced by the drafted ones", "词包自带的规则由起草的规则代替")
PROMOTION: Final = Bilingual("words of open promotion; change them as you see fit", "公开推广的用语,可自行增删")
