"""The usual is read in C where the kernel was built; it must say what the ways in Python say, to the very types."""

from __future__ import annotations

import json
import random
import sys
import tracemalloc
from collections import OrderedDict
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct
from ways import by, long_body, long_line, needs_kernel

from communityrules.kernel import native
from communityrules.model.values import BOOLEAN, DATE, INSTANT, MEMBER, NUMBER, TEXT, TEXTS
from communityrules.wire.errors import WireError
from communityrules.wire.events import STANDARD_TYPES, canonical, event_from_wire
from communityrules.wire.reading import decode_event
from communityrules.wire.types import MAX_ID, MAX_ITEMS, MAX_NUMBER, MAX_TEXT, WireTypes, read_instant
from communityrules.wire.usual import Plain, in_c

pytestmark = needs_kernel

TYPES: Final = WireTypes(
    events={
        **STANDARD_TYPES.events,
        "message": {"pinned": BOOLEAN, "weight": NUMBER, "labels": TEXT},
        "游戏": {"分": NUMBER, "at": INSTANT, "by": MEMBER, "tags": TEXTS, "born": DATE, "id": TEXT},
        "place": {"id": TEXT},
        "zone": {},
    },
    member={"rank": TEXT, "days": NUMBER, "城市": TEXT, "born": DATE, "id": TEXT, "a b": NUMBER,
    "staff": BOOLEAN, "since": INSTANT},
    raised=STANDARD_TYPES.raised,
)  # fmt: skip
KERNEL = by(lambda types: in_c(types) or Plain(types), TYPES)
READER = KERNEL.usual

FULL: Final[dict[str, Any]] = {
    "id": "m1", "time": "2024-10-08T04:00:00.125Z", "type": "message", "community": "c1", "channel": "main",
    "member": {"id": "amy", "rank": "new", "days": 3},
    "message": {"id": "m1", "text": '微信 "now" \\ \n', "pinned": True},
}  # fmt: skip
RICH: Final[dict[str, Any]] = {
    "id": "消息", "time": "2024-10-08T12:00:00.5+08:00", "type": "游戏", "community": "c1", "place": None,
    "member": {"id": "amy", "roles": ["staff", "新人"], "joined": "2024-01-01T00:00:00Z", "name": "Amy",
    "since": "2024-01-01 00:00Z",
               "staff": False, "城市": "上海", "a b": -7, "rank": None},
    "message": {"text": "hi", "reply_to": None, "topic": "t\u0001", "attachments": ["a.png", ""]},
    "target": {"message": "m0", "case": None}, "游戏": {"分": 10**18, "at": "2024-10-08T04:00:00Z",
    "by": "bob", "tags": ["x"], "id": ""},
}  # fmt: skip
FLAT: Final[dict[str, Any]] = {
    "id": "m1", "ts": "2024-10-08T04:00:00Z", "community": "c1", "author": "amy", "type": "message",
    "text": "微信 hi \U0001f600",
}  # fmt: skip
#: With what nobody declared, and what a host's classifiers say.
OPEN: Final[dict[str, Any]] = {
    "id": "m1", "time": "2024-10-08T12:00:00+08:00", "type": "edit", "community": "c1", "channel": "telegram",
    "member": {"id": "amy", "level": 3, "zeal": 0.25, "vip": True, "等级": "高", "days": 2.5, "note": None},
    "message": {"id": "m1", "text": "hi", "reply_to": None, "topic": None, "attachments": [], "beside": 7.0,
                "labels": {"off_topic": 0.1, "toxic": 1.0, "spam": False, "语言": "zh", "n": 3, "none": None}},
    "edit": {"before": "ho", "after": 1}, "platform": "x", "中": -2, "zz": 1.5,
}  # fmt: skip
BODIES: Final = (
    FULL, RICH, OPEN, FLAT, {**FLAT, "type": "join", "text": None}, {**FLAT, "channel": "main", "rank": 0.5},
)  # fmt: skip


def told(value: Any) -> Any:
    """A value with its types, whatever it is made of."""
    if isinstance(value, Struct):
        return type(value).__name__, *(told(getattr(value, name)) for name in value.__struct_fields__)
    if isinstance(value, Mapping):
        return type(value), {name: told(inner) for name, inner in value.items()}
    if isinstance(value, tuple):
        return tuple, *map(told, value)
    return type(value), value


def outcome(read: Any, *given_: Any) -> Any:
    try:
        return told(read(*given_))
    except WireError as error:
        return error.diagnostic.code, error.field


def same(body: dict[str, Any]) -> None:
    """Whether a body, and its line, is read as on the long way."""
    wanted = outcome(long_body, body, TYPES)
    assert outcome(event_from_wire, body, KERNEL) == wanted
    if (line := as_line(body, escaped=len(repr(body)) % 2 == 0)) is not None:
        same_line(line)


def as_line(body: dict[str, Any], *, escaped: bool) -> bytes | None:
    try:
        return json.dumps(body, ensure_ascii=escaped).encode()
    except (TypeError, ValueError):
        return None  # it holds what no line can


def same_line(line: bytes) -> None:
    assert outcome(decode_event, line, KERNEL) == outcome(long_line, line, TYPES), line


# --- what is read -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", BODIES)
def test_the_usual_is_read_in_c(body: dict[str, Any]) -> None:
    assert READER.body(body) is not None
    for line in (orjson.dumps(body) + b"\n", json.dumps(body, indent=1).encode(), canonical(body)):
        assert READER.line(line) is not None
    same(body)


@pytest.mark.parametrize("body", [FULL, FLAT])
def test_it_is_what_the_short_ways_in_python_make_of_it(body: dict[str, Any]) -> None:
    plain = Plain(TYPES)
    if body is FULL:
        assert repr(plain.body(body)) == repr(READER.body(body))
    line = orjson.dumps(body)
    assert repr(plain.line(line)) == repr(READER.line(line))


def test_what_a_host_handed_in_stays_theirs() -> None:
    for body in (json.loads(json.dumps(FULL)), json.loads(json.dumps(RICH))):
        event = event_from_wire(body, KERNEL)
        before = told(event)
        body["member"]["rank"] = "other"
        body["member"]["id"] = "other"
        body["message"]["text"] = "other"
        body["message"].setdefault("attachments", []).append("other")
        body["member"].setdefault("roles", []).append("other")
        body.setdefault("target", {})["message"] = "other"
        body.setdefault("游戏", {"tags": []})["tags"].append("other")
        assert told(event) == before


# --- random bodies and lines --------------------------------------------------------------------------------------

_VALUES: Final = (
    None, True, False, 0, -0.0, 0.5, 1e300, 7.0, 10**18, 10**18 + 1, -(10**18), 2**63, 10**40, "", "x",
    "a\nb", "\x7f", "\u0085", "é",
    "\udc00", "x" * MAX_ID, "成" * (MAX_ID + 1), "2024-10-08T04:00:00Z", "2024-02-30T04:00:00Z", "message",
    "游戏", [], ["a"], ["a", 1],
    ["a\n"], [["a"]], ["r"] * (MAX_ITEMS + 1), {}, {"id": "x"}, {"id": None}, {"message": "m"}, {"分": 1},
    float("nan"), (), b"x",
    {1: 2}, OrderedDict(id="amy"), {"off_topic": 0.1, "b": True, "a": "x", "n": None},
)  # fmt: skip
_NAMES: Final = (
    "id", "time", "ts", "type", "community", "channel", "place", "member", "author", "message", "text",
    "target", "游戏",
    "rating", "roles", "joined", "name", "rank", "days", "城市", "a b", "staff", "since", "born", "pinned",
    "weight", "reply_to",
    "topic", "attachments", "labels", "case", "rule", "分", "at", "by", "tags", "other", "zone", "", 'q"', "\x01",
)  # fmt: skip


def spoil(body: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """A body with a few other things in it."""
    spoiled: dict[str, Any] = json.loads(json.dumps(body))
    for _ in range(chance.choice((1, 1, 2, 3))):
        places = [spoiled, *(inner for inner in spoiled.values() if type(inner) is dict)]
        place = chance.choice(places)
        kind = chance.random()
        if kind < 0.3 and place:
            del place[chance.choice([*place])]
        elif kind < 0.7 and place:
            place[chance.choice([*place])] = chance.choice(_VALUES)
        else:
            place[chance.choice(_NAMES)] = chance.choice(_VALUES)
    items = list(spoiled.items())
    chance.shuffle(items)
    return dict(items)


@pytest.mark.parametrize("body", BODIES)
def test_a_body_with_something_else_in_it(body: dict[str, Any]) -> None:
    chance = random.Random(7)
    for _ in range(1500):
        same(spoil(body, chance))


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("escaped", [True, False])
def test_a_line_that_is_damaged(body: dict[str, Any], escaped: bool) -> None:
    chance = random.Random(8)
    line = json.dumps(body, ensure_ascii=escaped).encode()
    for end in range(len(line)):
        same_line(line[:end])
        same_line(line + line[end:])
    for _ in range(1500):
        at = chance.randrange(len(line))
        put = chance.choice(
            (b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b" ", b"\x00", b"\n", b"\x80", b"\xed\xa0\x80",
            b"\xc0\x80", b"0", b"-", b"\\ud800",
             b"\\ud83d\\ude00", b"\\u00e9", b"\\u0000", b"\\x", b"null", b"1.5", b"1e3",
             bytes([chance.randrange(256)]))
        )  # fmt: skip
        same_line(line[:at] + put + line[at + chance.choice((0, 1, 1, 2)) :])


@settings(deadline=None)
@given(st.text(max_size=12), st.text(max_size=12), st.booleans())
def test_any_text(name: str, text: str, escaped: bool) -> None:
    body = {**FULL, "member": {"id": name}, "message": {"text": text}}
    same(body)
    if not any("\ud800" <= one < "\ue000" for one in name + text):
        same_line(json.dumps(body, ensure_ascii=escaped).encode())


def test_every_character_is_written_as_ever() -> None:
    for start in range(0, 0x110000, 2048):
        text = "".join(map(chr, range(start, start + 2048)))
        if start != 0xD800:
            body = {**FLAT, "text": text}
            event = READER.body(body)
            assert event is not None
            assert event.digest == blake2b(canonical(body), digest_size=8).hexdigest()
            again = READER.line(json.dumps(body).encode())
            assert again is not None
            assert (again.digest, again.message) == (event.digest, event.message)
    for code in range(0xD800, 0xE000, 37):
        assert READER.body({**FLAT, "text": "a" + chr(code)}) is None
        assert READER.line(json.dumps({**FLAT, "text": "a" + chr(code)}).encode()) is None


def test_bounds() -> None:
    for length in (0, 1, MAX_ID, MAX_ID + 1):
        same({**FLAT, "id": "成" * length})
    for length in (MAX_TEXT, MAX_TEXT + 1):
        for one in ("x", "\x01", "\U0001f600"):
            same({**FLAT, "text": one * length})
            same({**FULL, "message": {"text": one * length, "topic": one * length}})
    for number in (MAX_NUMBER, MAX_NUMBER + 1, -MAX_NUMBER, -MAX_NUMBER - 1, 10**19, 2**63, 2**64):
        same({**FULL, "member": {"id": "amy", "days": number}})
    for number in (
        "-0",
        "00",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e2",
        "1E+2",
        "1.0",
        "9" * 400,
        "--1",
        "0x1",
        "1_0",
        "Infinity",
    ):
        same_line(json.dumps(FULL).encode().replace(b"3", number.encode()))
    for count in (MAX_ITEMS, MAX_ITEMS + 1):
        same({**FULL, "member": {"id": "amy", "roles": ["r"] * count}})
    same_line(b"[" * 100_000)
    same_line(b'{"member":' * 100_000)


def test_names_that_are_not_written_as_they_are() -> None:
    names = ('q"', "b\\", "t\t", "", "a", "seven77", "eight888", "nine99999", "nine99998", "成" * 3, "\U0001f600")
    types = WireTypes(events=STANDARD_TYPES.events, member=dict.fromkeys(names, NUMBER))
    odd = by(lambda types: in_c(types) or Plain(types), types)
    for name in (*names, "q", "sevenx7", "eight88", "eight8888"):
        for body in ({**FLAT}, {**FULL, "member": {"id": "amy", name: 1}, "message": {"text": ""}}):
            assert outcome(event_from_wire, body, odd) == outcome(long_body, body, types)
            for escaped in (True, False):
                line = json.dumps(body, ensure_ascii=escaped).encode()
                for damaged in (line, line.replace(b'": 1}', b'":1}'), line.replace(b'": 1}', b'x":1}'), line[:-1]):
                    assert outcome(decode_event, damaged, odd) == outcome(long_line, damaged, types)
    hostile = json.dumps({**FULL, "member": {"id": "amy", "N": 1}}).encode()
    for name in (b'q\\":1,"a', b'q\\" ', b'q"', b"b\\", b"b\\\\", b"\\u0061", b'seven77\\"'):
        damaged = hostile.replace(b"N", name)
        assert outcome(decode_event, damaged, odd) == outcome(long_line, damaged, types)


def test_more_declared_fields_than_it_holds() -> None:
    types = WireTypes(events={**STANDARD_TYPES.events}, member={f"f{number}": NUMBER for number in range(200)})
    many = by(lambda types: in_c(types) or Plain(types), types)
    for number in (0, 40, 150, 199):
        body = {**FULL, "message": {"text": "hi"}, "member": {"id": "amy", f"f{number}": 1}}
        assert outcome(event_from_wire, body, many) == outcome(long_body, body, types)
        assert outcome(decode_event, orjson.dumps(body), many) == outcome(long_body, body, types)


def test_what_is_neither_bytes_nor_a_dictionary() -> None:
    class Bytes(bytes):
        pass

    for odd in (None, "", bytearray(orjson.dumps(FULL)), Bytes(orjson.dumps(FULL)), 3):
        assert READER.line(odd) is None  # type: ignore[arg-type]
    for odd in (None, "", OrderedDict(FULL), [], 3):
        assert READER.body(odd) is None  # type: ignore[arg-type]


def test_fractions() -> None:
    chance = random.Random(12)
    for _ in range(800):
        number = chance.choice((-1, 1)) * round(chance.random() * 10 ** chance.randrange(-6, 20), chance.randrange(18))
        spelt = chance.choice((repr(number), f"{number:.20f}", f"{number:.1f}", f"{number:e}"))
        same({**FULL, "member": {"id": "amy", "days": number, "beside": number}, "message": {"labels": {"a": number}}})
        same_line(json.dumps(OPEN).encode().replace(b"0.1", spelt.encode()).replace(b"0.25", spelt.encode()))


def test_many_that_nobody_declared() -> None:
    names = [f"x{number}" for number in range(20)]
    for count in (15, 16, 17, 20):
        chosen = random.Random(count).sample(names, count)
        for place in ("member", "message", "edit", "labels"):
            body = json.loads(json.dumps(OPEN))
            beside = body["message"]["labels"] if place == "labels" else body[place]
            beside.update(dict.fromkeys(chosen, 1))
            same(body)
        same({**OPEN, **dict.fromkeys(chosen, "y")})


# --- instants and digests -----------------------------------------------------------------------------------------


def test_instants() -> None:
    chance = random.Random(9)
    for _ in range(20_000):
        parts = [
            f"{chance.choice((1969, 1970, 2000, 2024, 2100, 2199, 2200, 0, 9999)):04}", "-",
            f"{chance.randrange(14):02}", "-",
            f"{chance.choice((0, 1, 28, 29, 30, 31, 32)):02}", chance.choice("TTT t"),
            f"{chance.randrange(25):02}", ":",
            f"{chance.choice((0, 30, 59, 60)):02}", chance.choice((":", ":", ":", "", ".")),
            chance.choice(("00", "59", "60", "")),
            chance.choice(("", "", ".", ".1", ".123456", ".123456789", ".1234567890", ".٣")),
            chance.choice(("Z", "Z", "z", "", "+08:00", "-08:30", "+23:59", "-24:00", "+0800", "+08:60", "Z ",
            "+8:00")),
        ]  # fmt: skip
        if chance.random() < 0.2:
            parts[chance.randrange(len(parts))] = chance.choice(("", " ", "\n", "１", "-1", "0"))
        moment = "".join(parts)
        try:
            wanted = read_instant(moment, "ts")
        except WireError:
            wanted = None
        for found in (READER.body({**FLAT, "ts": moment}), READER.line(orjson.dumps({**FLAT, "ts": moment}))):
            assert (None if found is None else found.time) == wanted, moment


def test_digests() -> None:
    kernel = native("reading")
    assert kernel is not None
    chance = random.Random(10)
    for size in (*range(520), 1023, 1024, 1025, 65_536, 1_000_001):
        written = chance.randbytes(size)
        assert kernel.digest_of(written) == blake2b(written, digest_size=8).hexdigest()


# --- nothing is lost ----------------------------------------------------------------------------------------------


def test_nothing_stays_behind() -> None:
    chance = random.Random(11)
    bodies = [*BODIES, *(spoil(chance.choice(BODIES), chance) for _ in range(200))]
    lines = [line for body in bodies if (line := as_line(body, escaped=True)) is not None]
    lines += [line[: chance.randrange(len(line))] for line in lines]
    counts = [sys.getrefcount(one) for one in (RICH["member"], FULL["id"], FLAT["text"])]

    def all_of_them() -> None:
        for body in bodies:
            READER.body(body)
        for line in lines:
            READER.line(line)

    tracemalloc.start()
    try:
        # Python keeps some of what is given back, up to a bound.
        for _ in range(40):
            all_of_them()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(20):
            all_of_them()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    assert grown < 2000
    assert counts == [sys.getrefcount(one) for one in (RICH["member"], FULL["id"], FLAT["text"])]


def test_memory_that_gives_out() -> None:
    testing = pytest.importorskip("_testcapi")
    line = orjson.dumps(RICH)
    body = {**RICH, "message": {"text": "\x01" * 3000}}
    seen = set()
    for read, given_ in (
        (READER.body, RICH),
        (READER.body, body),
        (READER.line, line),
        (READER.line, json.dumps(body).encode()),
    ):
        for number in range(1, 60):
            testing.set_nomemory(number, number + 1)
            try:
                event = read(given_)
            except MemoryError:
                seen.add("nothing")
            else:
                seen.add("event" if event is not None else "None")
            finally:
                testing.remove_mem_hooks()
    assert "nothing" in seen
    assert told(READER.body(RICH)) == told(READER.line(line))
