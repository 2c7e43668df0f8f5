"""Rulebooks and what people do to them in an editor, at random: for `edit_rulebooks.py`."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOOKS = sorted([*ROOT.glob("examples/**/*.rules"), *ROOT.glob("tests/cases/**/*.rules")])
_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_QUOTED = re.compile(r"[\"“「][^\"“”「」\n]*[\"”」]")
_NUMBER = re.compile(r"[0-9]+")
_DECLARED = re.compile(
    r"^(?:rule|list|define|parameter|group|penalty|template|table|amend|repeal|pattern|规则|词表|定义|参数|用户组|处罚阶梯)"
    r"[ \t]+(\w[\w.-]*)",
    re.MULTILINE,
)
_CLAUSES = (
    "  cooldown 1 hour", '  todo "look again"', "  trial", "  unless member is staff", "  applies to newcomers",
    "  effective from 2026-01-01", "  until 2027-01-01", "  then flag", "  responsible staff", '  because "so"',
    "  冷却 1小时", '  待办 "再看"', "  试行",
)  # fmt: skip
_HEADERS = (
    '  version "{n}"', "  timezone UTC", "  timezone Asia/Shanghai", "  timezone Europe/Berlin",
    "  published 2024-10-0{n}", '  purpose "number {n}"', "  language zh", "  language en",
)  # fmt: skip
_STRAY = (
    '"',
    "“",
    "「",
    "(",
    ")",
    "#",
    "/",
    "\\",
    ",",
    ".",
    ":",
    "|",
    "x",
    "9",
    "\t",
    "　",
    "ｗ",
    "\u200b",
    "if",
    "then",
)
_EXCHANGED = (
    ("delete", "flag"), ("flag", "delete"), ("today", "this week"), ("within", "at most"), ("must not", "should not"),
    ("and", "or"), ("or", "and"), (">=", ">"), ("<", "<="), ("message", "reply"), ("staff", "managers"),
    ("1 day", "2 days"), ("hours", "days"), ("删除", "标记"), ("消息", "回复"), ("不得", "不应"), ("且", "或"),
)  # fmt: skip


#: What rulebooks may have beside rules of the usual kind; `N` is the id of one of these, `M` a small number.
_BESIDE = """repeal rule N from 2026-06-01

amend rule N from 2025-03-15 grace 14 days
  then delete

calendar shop
  Monday to Friday 09:00 to 18:00

labels (tone: number)

place help = "help"

leaderboard talkers top 3 by count(message by member this week)

rule L-1 "Lent"
  must not
  on message
  if message.text contains any of wordsM
  then as rule N
rule L-2
  must not
  on message
  if count(message by member this week) > M0
  then as rule L-1

rule L-3
  must
  responsible staff
  on feedback
  require reply within 1M hours, if late escalate to staff

rule L-4
  must
  responsible staff
  on feedback
  if message.text contains "now"
  require reply within 1M hours, if late escalate to staff

rule L-5 "Nice"
  should
  on message
  if dM
  then award N points

rule L-6
  must not
  on breach
  if count(breach by member within 1M days) >= 2
  then flag

rule L-7
  must not
  on message
  if distinct(message.text by member within 1M minutes) > 2
  then label hasty for 1 hour

state mood = calm, hot
pattern digits = /[0-9]{4,9}/
rule L-8
  must not
  on message
  if message.text matches digits
  then set mood hot for 1 hour

test "one"
  2024-10-08
  09:00 amy message "wM and buy1"

test "two"
  2025-03-08
  given amy (level: M)
  09:00 amy message "of M" expect nothing under N"""


def made(chance: random.Random) -> str:
    """A rulebook of which most declarations name others."""
    count = chance.randrange(3, 9)
    parts = [
        f'rulebook "made"\n  version "1"\n  timezone {chance.choice(("UTC", "Asia/Shanghai"))}\n  published 2024-10-04',
        "member (level: number, note: text)",
    ]
    parts += [f'list words{n} = "w{n}", "of {n}", "buy{n % 3}"' for n in range(count)]
    parts += [f"parameter most{n} = {n + 1} from 2024-10-04, {n + 3} from 2025-01-01" for n in range(3)]
    parts += [f"group crowd{n} as member.tenure < {n + 1} days" for n in range(2)]
    parts += [f"define d{n} as {_condition(chance, n, count)}" for n in range(count)]
    parts += [f"penalty p{n} over {10 + n} days\n  1st: warn\n  2nd: mute {n + 1} days" for n in range(2)]
    parts += ['template told\n  en "At most {most0} a day."']
    rules = [_rule(chance, n, count) for n in range(1, 2 * count)]
    rules.append(
        "table more on complaint, first match\n  | rule | name | if | then |\n"
        '  | T-1  | "One" | message.text contains "refund" | assign to staff |\n'
        '  | T-2  | "Two" | otherwise | assign to staff |'
    )
    rules.append(f"amend rule {chance.randrange(1, 2 * count)} from 2025-01-01\n  then flag")
    if chance.random() < 0.5:
        rules.append(f"power crowd0 may mute up to {chance.randrange(1, 4)} days")
    for one in _BESIDE.split("\n\n"):
        if chance.random() < 0.4:
            number, small = str(chance.randrange(1, 2 * count)), str(chance.randrange(1, 3))
            rules.append(re.sub(r"\bN\b", number, re.sub(r"M(?![a-z-])", small, one)))
    chance.shuffle(rules)
    if chance.random() < 0.3:
        # What is named may stand behind what names it.
        rest = parts[2:]
        chance.shuffle(rest)
        parts[2:] = []
        rules += rest
    parts += rules
    return (
        "\n\n".join(("# about " * chance.randrange(2)) + one for one in parts).replace("# about ", "# about\n") + "\n"
    )


def _condition(chance: random.Random, number: int, count: int) -> str:
    other = chance.randrange(count)
    return chance.choice(
        (
            f"message.text contains any of words{other}",
            f'message.text contains "a{number}"',
            f"count(message by member within {chance.randrange(1, 4)}0 minutes) >= {number + 2}",
            f"member.level > {number}",
            f"count(message by member today) > most{number % 3}",
            *((f"d{chance.randrange(number)} or member.level is {number}",) if number else ()),
            *((f"not d{chance.randrange(number)}",) if number else ()),
        )
    )


def _rule(chance: random.Random, number: int, count: int) -> str:
    lines = [f"rule {number}" + chance.choice(("", f' "Rule {number}"'))]
    lines.append("  must not")
    if chance.random() < 0.3:
        lines.append(f"  applies to crowd{chance.randrange(2)}")
    lines.append("  on message")
    lines.append(
        "  if " + chance.choice((f"d{chance.randrange(count)}", _condition(chance, chance.randrange(count), count)))
    )
    then = ["delete", "flag", f"penalty p{chance.randrange(2)}", "remind told"]
    if number > 2:
        then.append(f"as rule {chance.randrange(1, number)}")
    lines.append("  then " + chance.choice(then))
    if chance.random() < 0.15:
        lines.append("  cooldown 1 hour")
    if chance.random() < 0.15:
        lines.append(f"  overrides {chance.randrange(1, 2 * count)}")
    return "\n".join(lines)


def edited(chance: random.Random, text: str, others: Sequence[str]) -> str:
    """The text after one edit."""
    return chance.choice(_EDITS)(chance, text, others)


def _parts(chance: random.Random, text: str, others: Sequence[str]) -> str:
    """A declaration moved, dropped, doubled under another id, or brought from elsewhere; or two of them exchanged."""
    parts = text.split("\n\n")
    at, to = chance.randrange(len(parts)), chance.randrange(len(parts))
    match chance.randrange(6):
        case 0:
            parts.insert(to, parts.pop(at))
        case 1:
            del parts[at]
        case 2:
            parts.insert(to, re.sub(r"^(rule|规则)[ \t]*\S+", rf"\1 {chance.randrange(100, 999)}", parts[at], count=1))
        case 3:
            parts[at], parts[to] = parts[to], parts[at]
        case 4:
            parts.insert(to, chance.choice(chance.choice(others).split("\n\n")))
        case _:
            parts.insert(to, parts[at])
    return "\n\n".join(parts)


def _lines(chance: random.Random, text: str, others: Sequence[str]) -> str:
    lines = text.split("\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(8):
        case 0:
            del lines[at]
        case 1:
            lines.insert(to, lines[at])
        case 2:
            lines.insert(to, lines.pop(at))
        case 3:
            lines.insert(at, chance.choice(("", "", "# more", "  # inside", "#", "\t", "  ")))
        case 4:
            lines.insert(at, chance.choice(_CLAUSES))
        case 5:
            lines[at] += chance.choice(("  # behind", "  ", ".", ",", "。"))
        case 6:
            lines[at] = chance.choice(("", " ", "    ", "\t")) + lines[at].lstrip()
        case _:
            lines.insert(at, chance.choice(chance.choice(others).split("\n")))
    return "\n".join(lines)


def _words(chance: random.Random, text: str, others: Sequence[str]) -> str:
    """A word in the place of another, of this text or another one."""
    tokens = _TOKEN.findall(text)
    words = [at for at, one in enumerate(tokens) if one[0].isalnum()]
    if not words:
        return text
    at = chance.choice(words)
    if chance.random() < 0.8:
        tokens[at] = tokens[chance.choice(words)]
    else:
        tokens[at] = chance.choice(_TOKEN.findall(chance.choice(others)))
    return "".join(tokens)


def _exchanged(chance: random.Random, text: str, _: Sequence[str]) -> str:
    known = [(old, new) for old, new in _EXCHANGED if old in text]
    if not known:
        return text
    old, new = chance.choice(known)
    place = chance.choice([one.start() for one in re.finditer(re.escape(old), text)])
    return text[:place] + new + text[place + len(old) :]


def _quoted(chance: random.Random, text: str, others: Sequence[str]) -> str:
    """A quoted text changed, dropped, or joined by one more: words of lists, names, what people read."""
    found = list(_QUOTED.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    start, end = one.span()
    match chance.randrange(5):
        case 0:
            return text[: end - 1] + chance.choice("xyz词 ") + text[end - 1 :]
        case 1:
            return text[:end] + f', "more{chance.randrange(9)}"' + text[end:]
        case 2:
            return text[:start] + re.sub(r"^[,、]?\s*", "", text[end:])
        case 3:
            return text[:start] + chance.choice(found).group() + text[end:]
        case _:
            other = _QUOTED.findall(chance.choice(others))
            return text[:start] + (chance.choice(other) if other else '""') + text[end:]


def _number(chance: random.Random, text: str, _: Sequence[str]) -> str:
    found = list(_NUMBER.finditer(text))
    if not found:
        return text
    start, end = chance.choice(found).span()
    return text[:start] + str(chance.choice((0, 1, 2, 3, 5, 7, 10, 30, 100))) + text[end:]


def _renamed(chance: random.Random, text: str, _: Sequence[str]) -> str:
    """A name or an id changed: everywhere, where it is declared, or in one other place; also to one that is there."""
    names = _DECLARED.findall(text)
    if not names:
        return text
    name = chance.choice(names)
    other = chance.choice(
        (f"{name}x", f"other{chance.randrange(9)}", f"名{chance.randrange(9)}", *chance.sample(names, 1))
    )
    places = [one.span() for one in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
    if chance.random() < 0.5:
        places = [chance.choice(places)] if places else []
    for start, end in reversed(places):
        text = text[:start] + other + text[end:]
    return text


def _header(chance: random.Random, text: str, _: Sequence[str]) -> str:
    lines = text.split("\n")
    word = chance.choice(_HEADERS).format(n=chance.randrange(1, 9))
    key = word.split()[0]
    at = next((number for number, one in enumerate(lines[:12]) if one.split()[:1] == [key]), None)
    if at is not None:
        lines[at] = word
    else:
        lines.insert(min(1 + chance.randrange(3), len(lines)), word)
    return "\n".join(lines)


def _stray(chance: random.Random, text: str, _: Sequence[str]) -> str:
    """Something typed, or something lost."""
    at = chance.randrange(len(text) + 1)
    if chance.random() < 0.5:
        return text[:at] + chance.choice(_STRAY) + text[at:]
    return text[:at] + text[at + chance.choice((1, 1, 2, 6, 30)) :]


def _ends(chance: random.Random, text: str, _: Sequence[str]) -> str:
    return chance.choice((text.rstrip("\n"), text + "\n", text + "\n# the end\n", "\n" + text, "# first\n" + text))


def _several(chance: random.Random, text: str, others: Sequence[str]) -> str:
    for _ in range(chance.randrange(2, 6)):
        text = edited(chance, text, others)
    return text


_EDITS: tuple[Callable[[random.Random, str, Sequence[str]], str], ...] = (
    _parts, _parts, _lines, _lines, _words, _words, _exchanged, _exchanged, _quoted, _quoted, _number, _number,
    _renamed, _renamed, _header, _stray, _ends, _several,
)  # fmt: skip
