"""Measures over past events. What each includes and when it is absent: `checker.checked.Aggregate`, DESIGN §2."""

from __future__ import annotations

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Aggregate, Names
from communityrules.model.values import BOOLEAN, DURATION, NUMBER, TEXT

_ALL = (
    Aggregate(
        Names("count", "计数"),
        Bilingual("How many events, the one being judged included.", "事件有多少,含正在评判的一件。"),
        "event",
        None,
        NUMBER,
    ),
    Aggregate(
        Names("distinct", "去重计数"),
        Bilingual("How many different values a field had.", "某字段有多少个不同的值。"),
        "field",
        None,
        NUMBER,
    ),
    Aggregate(
        Names("sum", "合计"),
        Bilingual("The sum of a number field; 0 of nothing.", "数值字段之和;没有事件时为 0。"),
        "field",
        NUMBER,
        NUMBER,
    ),
    Aggregate(
        Names("average", "平均"),
        Bilingual("The average of a number field; absent of nothing.", "数值字段的平均;没有事件时为缺。"),
        "field",
        NUMBER,
        NUMBER,
    ),
    Aggregate(
        Names("last", "最近一次"),
        Bilingual("The latest value that a field had before this event.", "此前该字段最近的值。"),
        "field",
        None,
        None,
        needs_window=False,
    ),
    Aggregate(
        Names("since", "距上次"),
        Bilingual("How long ago the latest such event was, before this one.", "距此前最近一次这类事件有多久。"),
        "event",
        None,
        DURATION,
        needs_window=False,
    ),
    Aggregate(
        Names("sequence", "先后"),
        Bilingual("Whether events of these types came in this order.", "这些类型的事件是否依次发生。"),
        "events",
        None,
        BOOLEAN,
    ),
    Aggregate(
        Names("similar", "近似计数"),
        Bilingual(
            "How many texts are nearly the same as this event's, its own included. An event that carries a text may "
            "stand for it: `similar(message by member within 10 minutes)`.",
            "有多少条文本与本事件的几乎相同,含其自身。带有文本的事件可代表其文本:"
            "`近似计数(消息 按 成员 最近 10分钟)`。",
        ),
        "field",
        TEXT,
        NUMBER,
        compared=True,
    ),
    Aggregate(
        Names("open_duties", "未结"),
        Bilingual(
            "How many duties are open now: of the event type that meets them, of all where none is named. Those that "
            "the judged event opens are not among them yet. Kept by `duty.owner` or for all; takes no window.",
            "现在未结的职责有多少:写出完成它的事件类型,不写则为全部。正在评判的事件所产生的尚不在内。"
            "可按 `职责.责任人` 统计,也可合计;不带时间范围。",
        ),
        "duties",
        None,
        NUMBER,
        needs_window=False,
    ),
    Aggregate(
        Names("oldest_duty", "最久未结"),
        Bilingual(
            "How long the oldest open duty has been open, by the clock; absent when none is.",
            "未结最久的职责已经过了多久,不论是否工作时间;没有未结的职责时为缺。",
        ),
        "duties",
        None,
        DURATION,
        needs_window=False,
    ),
)

#: By canonical name.
AGGREGATES = {one.names.en: one for one in _ALL}
