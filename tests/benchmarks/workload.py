"""Rules and messages for measuring engines against each other: the same on every machine, from fixed seeds.

A rule is a tuple of conditions that must all hold. Each is `(field, operator, value)`, `("or", conditions)`,
`("words", list)` or `("pattern", expression)`. Of the mixed rules 40 % ask attributes, 40 % look for lists of twenty
words (half of them ask attributes too), 20 % for patterns.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from communityrules.model.event import Event, Member, Message

Condition = tuple[Any, ...]
Rule = tuple[Condition, ...]

RANKS = ("guest", "member", "regular", "trusted", "moderator", "owner")
ROOMS = tuple(f"room{number}" for number in range(200))
#: The attributes of a message, as every engine is given them.
FIELDS = ("rank", "days", "room", "hour", "length", "links", "clock")
_SOUNDS = (
    "ba", "ke", "lo", "mi", "nu", "ra", "se", "ti", "vo", "wa", "dra", "fli", "gro", "pla", "sto", "tre", "chi", "sha",
    "que", "ing", "er", "on", "al", "is", "an", "or", "um", "et", "ix",
)  # fmt: skip
_CHARACTERS = (
    "春夏秋冬山水花鸟风云雨雪天地日月星石木林竹梅兰菊松柏江河湖海溪泉东西南北上下左右前后高低远近大小多少"
    "红黄蓝绿黑白青紫金银铜铁书画琴棋诗词歌舞茶酒米面油盐早晚晨昏朝夕古今新旧长短轻重快慢冷热明暗干湿"
)


def _latin(draw: random.Random, low: int, high: int) -> str:
    return "".join(draw.choice(_SOUNDS) for _ in range(draw.randint(low, high)))


def _han(draw: random.Random, low: int, high: int) -> str:
    return "".join(draw.choice(_CHARACTERS) for _ in range(draw.randint(low, high)))


def attribute_rules(number: int) -> list[Rule]:
    """Rules on who and where and when: most ask for one room."""
    draw = random.Random(21)
    made: list[Rule] = []
    for _ in range(number):
        asked: list[Condition] = []
        in_one_room = draw.random() < 0.7
        if in_one_room:
            asked.append(("room", "==", draw.choice(ROOMS)))
        kind = draw.random()
        if kind < 0.4:
            asked.append(("rank", "==", draw.choice(RANKS)))
        elif kind < 0.8:
            asked.append(("rank", "in", tuple(sorted(draw.sample(RANKS, 2)))))
        more: list[Condition] = [
            ("days", "<", draw.randint(2, 30)),
            ("length", ">", draw.randint(90, 190)),
            ("hour", "==", draw.randint(0, 23)),
            ("links", ">=", draw.randint(1, 2)),
            ("or", (("clock", ">=", draw.randint(20, 23)), ("clock", "<", draw.randint(4, 8)))),
        ]
        draw.shuffle(more)
        made.append((*asked, *more[: 2 if in_one_room else 4]))
    return made


def word_rules(number: int, words: int = 20) -> list[Rule]:
    """Lists of words that ordinary messages do not hold."""
    draw = random.Random(22)
    taken: set[str] = set()
    made: list[Rule] = []
    for _ in range(number):
        listed: list[str] = []
        while len(listed) < words:
            word = _latin(draw, 4, 6) if draw.random() < 0.5 else _han(draw, 4, 6)
            if word not in taken:
                taken.add(word)
                listed.append(word)
        made.append((("words", tuple(listed)),))
    return made


def pattern_rules(number: int) -> list[Rule]:
    """Eight kinds of pattern: addresses, numbers, ids in context, repeated characters."""
    draw = random.Random(23)
    made: list[Rule] = []
    for one in range(number):
        match one % 8:
            case 0:
                pattern = rf"https?://([a-z0-9-]{{1,20}}\.){{0,3}}offer{one}\.(com|net|shop)"
            case 1:
                pattern = (
                    rf"1{draw.randint(3, 9)}{draw.randint(0, 9)}[0-9][ -]?[0-9]{{4}}[ -]?{one // 8 % 100:02}[0-9]{{2}}"
                )
            case 2:
                pattern = rf"join-[a-z]{{2}}{one}-[0-9]{{4}}"
            case 3:
                pattern = rf"(加|加我)?(微信|vx|wx)[:： ]{{0,3}}[a-z][a-z0-9_]{{3,9}}{one}"
            case 4:
                pattern = f"{draw.choice('哈呵啊顶赞牛')}{{{draw.randint(6, 12)},}}"
            case 5:
                pattern = rf"(discord\.gg|t\.me)/[a-z]{{2,8}}{one}"
            case 6:
                pattern = rf"(qq|扣扣|企鹅)[群号]?[:： ]{{0,3}}[1-9][0-9]{{4,7}}{one % 1000}"
            case _:
                pattern = rf"(免费|低价|代)[^ ]{{0,6}}{_han(draw, 2, 2)}[0-9]{{2,4}}(元|块|usd)"
        made.append((("pattern", pattern),))
    return made


def mixed_rules(number: int) -> list[Rule]:
    attributes, words, patterns = attribute_rules(2 * number), iter(word_rules(number)), iter(pattern_rules(number))
    made: list[Rule] = []
    for one in range(number):
        place = one % 10
        if place < 4:
            made.append(attributes[one])
        elif place < 8:
            made.append((*(attributes[one] if place < 6 else ()), *next(words)))
        else:
            made.append((*(attributes[one] if place < 9 else ()), *next(patterns)))
    return made


KINDS: dict[str, Callable[[int], list[Rule]]] = {
    "attributes": attribute_rules,
    "words": word_rules,
    "patterns": pattern_rules,
    "mixed": mixed_rules,
}


def messages(number: int, members: int = 10_000) -> list[dict[str, Any]]:
    """Messages of a week, Chinese and English mixed, plain; some hold what a rule looks for."""
    draw = random.Random(24)
    latin = sorted({_latin(draw, 1, 3) for _ in range(3000)})
    han = sorted({_han(draw, 1, 3) for _ in range(3000)})
    planted = [word for rule in word_rules(300) for _, listed in rule for word in listed]
    time = 1_780_000_000.0
    made = []
    for one in range(number):
        time += draw.random() * 2 * 7 * 86_400 / number
        pieces: list[str] = []
        size, wanted = 0, 5 + int(195 * draw.random() ** 2.2)
        mostly_han = draw.random() < 0.5
        while size < wanted:
            is_han = draw.random() < (0.85 if mostly_han else 0.15)
            word = draw.choice(han) if is_han else f"{draw.choice(latin)} "
            if draw.random() < 0.06:
                word += draw.choice("，。！？,.!?~")
            pieces.append(word)
            size += len(word)
        kind = draw.random()
        number_of_rule = draw.randrange(0, 104)
        found = ""
        if kind < 0.01:
            found = draw.choice(planted)
        elif kind < 0.03:
            found = draw.choice(
                (
                    f" http://a1.offer{number_of_rule // 8 * 8}.com/x ",
                    f" join-ab{number_of_rule // 8 * 8 + 2}-1234 ",
                    "哈" * 14,
                )
            )
        elif kind < 0.05:
            found = " https://docs.example.org/page "
        pieces.insert(draw.randint(0, len(pieces)), found)
        text = "".join(pieces)[:200].lower()
        hour = int(time // 3600) % 24
        made.append(
            {
                "id": f"m{one}",
                "member": f"u{int(members * draw.random() ** 1.8)}",
                "rank": draw.choices(RANKS, (8, 55, 25, 7, 4, 1))[0],
                "days": int(draw.lognormvariate(4.2, 1.6)),
                "room": draw.choice(ROOMS),
                "hour": hour,
                "clock": hour,
                "length": len(text),
                "links": text.count("://"),
                "text": text,
                "time": time,
            }
        )
    return made


# --- in our language -----------------------------------------------------------------------------------------

_OURS = {"==": "is", "<": "<", ">": ">", ">=": ">="}
_HEAD = """rulebook "Measured"
  timezone UTC

member (rank: text, days: number, hour: number, clock: number, length: number, links: number)

"""
WINDOWS = """rule w1 "A daily number"
  must not
  on message
  if count(message by member today) > 40
  then remind

rule w2 "Repetition"
  must not
  on message
  if count(message by member and message.text within 10 minutes) >= 3
  then flag

"""


def rulebook(rules: Iterable[Rule], windows: bool = False, exactly: bool = True) -> str:
    """The rules in the language. Words are looked for anywhere, as the others do: as they stand, or, as lists do if
    nothing is said, through disguise as well."""
    lists: list[str] = []
    said: list[str] = []
    for number, rule in enumerate(rules):
        conditions = " and ".join(_ours(one, number, lists, exactly) for one in rule)
        said.append(f"rule {number}\n  must not\n  on message\n  if {conditions}\n  then flag\n\n")
    return _HEAD + "\n".join(lists) + "\n\n" + "".join(said) + (WINDOWS if windows else "")


def _ours(condition: Condition, number: int, lists: list[str], exactly: bool) -> str:
    match condition:
        case ("or", several):
            return f"({' or '.join(_ours(one, number, lists, exactly) for one in several)})"
        case ("words", listed):
            how = "exactly anywhere" if exactly else "anywhere"
            lists.append(f"list words{number} {how} = " + ", ".join(f'"{one}"' for one in listed))
            return f"message.text contains words{number}"
        case ("pattern", pattern):
            return f"message.text matches /{pattern.replace('/', chr(92) + '/')}/"
        case (field, "in", values):
            return f"{_field(field)} is one of ({', '.join(_literal(one) for one in values)})"
        case (field, operator, value):
            return f"{_field(field)} {_OURS[operator]} {_literal(value)}"
    raise AssertionError(condition)


def _field(name: str) -> str:
    return "event.channel" if name == "room" else f"member.{name}"


def _literal(value: str | int) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def event(message: dict[str, Any]) -> Event:
    """A message as the evaluator takes it."""
    known = {name: message[name] for name in FIELDS if name != "room"}
    who = Member(message["member"], fields=known)
    return Event(
        message["id"],
        int(message["time"] * 1_000_000),
        "message",
        "c",
        member=who,
        subject=who,
        message=Message(message["id"], message["text"]),
        channel=message["room"],
    )


def wire(message: dict[str, Any]) -> dict[str, Any]:
    """A message as a host sends it."""
    known = {name: message[name] for name in FIELDS if name != "room"}
    return {
        "id": message["id"],
        "time": _moment(message["time"]),
        "type": "message",
        "community": "c",
        "channel": message["room"],
        "member": {"id": message["member"], **known},
        "message": {"id": message["id"], "text": message["text"]},
    }


def _moment(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- in Python -----------------------------------------------------------------------------------------------


def straight_line(rules: Iterable[Rule]) -> Callable[[dict[str, Any]], list[int]]:
    """What a programmer would generate: one function with an `if` for each rule."""
    namespace: dict[str, Any] = {}
    lines = [
        "def judge(message):",
        *(f"    {name} = message[{name!r}]" for name in (*FIELDS, "text")),
        "    found = []",
    ]
    for number, rule in enumerate(rules):
        conditions = " and ".join(_python(one, number, namespace) for one in rule)
        lines.append(f"    if {conditions}: found.append({number})")
    lines.append("    return found")
    exec("\n".join(lines), namespace)  # noqa: S102  # our own text
    made: Callable[[dict[str, Any]], list[int]] = namespace["judge"]
    return made


def _python(condition: Condition, number: int, namespace: dict[str, Any]) -> str:
    match condition:
        case ("or", several):
            return f"({' or '.join(_python(one, number, namespace) for one in several)})"
        case ("words", listed):
            return f"({' or '.join(f'{one!r} in text' for one in listed)})"
        case ("pattern", pattern):
            namespace[f"search{number}"] = re.compile(pattern).search
            return f"search{number}(text)"
        case (field, operator, value):
            return f"{field} {operator} {value!r}"
    raise AssertionError(condition)
