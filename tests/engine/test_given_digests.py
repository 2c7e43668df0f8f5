"""The digest of an event that a host put together is the same whoever writes it."""

from __future__ import annotations

import random
from decimal import Decimal
from importlib import import_module
from typing import Any

import pytest

from communityrules.engine import digest
from communityrules.kernel import native
from communityrules.model.event import Event, Member, Message, Target
from communityrules.wire.errors import WireError

# Tells the kernel of the classes.
import_module("communityrules.engine.turning")

pytestmark = pytest.mark.skipif(native("turning") is None, reason="the kernel was not built, or is not wanted")

_TEXTS = [
    "",
    "hello",
    'a "quoted" \\ one',
    "tab\tline\n\r\b\f\x00\x1f\x7f",
    "你好",
    "é",
    "\ud800",
    "😀 x",
    "\xff",
    "x" * 5000,
]
_PLAIN = [None, True, False, 0, 1, -1, 2**63 - 1, -(2**63), 2**64, 1.0, -0.0, 1e300, 1e-7, float("nan"), float("inf")]
_ODD = [Decimal("1.50"), [1, "x"], b"x", {1: "one", "1": "other"}, object, {"deep": {"er": ("x", 1)}}]


def _value(luck: random.Random, depth: int = 0) -> Any:
    match luck.randrange(12):
        case 0 | 1 | 2 | 3:
            return luck.choice(_TEXTS)
        case 4 | 5 | 6:
            return luck.choice(_PLAIN)
        case 7:
            return luck.choice(_ODD)
        case 8 | 9 if depth < 4:
            return tuple(_value(luck, depth + 1) for _ in range(luck.randrange(4)))
        case 10 if depth < 4:
            return _fields(luck, depth + 1)
    return type("Text", (str,), {})("of a class") if luck.random() < 0.1 else "plain"


def _fields(luck: random.Random, depth: int = 0) -> dict[str, Any]:
    names = luck.sample([*_TEXTS, *(f"f{one}" for one in range(40))], luck.choice([0, 1, 2, 5, 31, 32, 33]))
    return {name: _value(luck, depth + 3) for name in names}


def _event(luck: random.Random) -> Event:
    def one(*usual: Any) -> Any:
        return _value(luck) if luck.random() < 0.05 else luck.choice(usual)

    def member() -> Member:
        return Member(
            one("amy", "bob"), one((), ("staff",)), one(None, 5), one(None, "Amy"), one({}, _fields(luck)), {},
            one(0, 3), one(True, False),
        )  # fmt: skip

    message = Message(one("m", None), one(*_TEXTS), None, None, one((), ("a.png",)), one({}, {"spam": 0.5}), {})
    target = one(Target(), Target("m1", None, "case", "5"), None)
    return Event(
        one("e1"), one(1_780_272_000_000_000), one("message"), "c", one(None, member()), one(None, message), target,
        one({}, _fields(luck)), one(None, "hall"), None, described=one((), (member(), member())),
    )  # fmt: skip


def _told(event: Event) -> str:
    try:
        return digest.body_digest(event)
    except WireError as error:
        return str(error)


def test_the_kernel_writes_the_digest_that_python_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    events = [_event(random.Random(seed)) for seed in range(3000)]
    kernel = native("turning")
    assert kernel is not None
    assert sum(kernel.body_digest(event) is not None for event in events) > 600
    quick = [_told(event) for event in events]
    monkeypatch.setattr(digest, "_KERNEL", None)
    assert quick == [_told(event) for event in events]


def _without_roles() -> Event:
    sender = Member("amy")
    del sender.roles
    return Event("e", 1, "message", "c", sender)


def test_what_is_no_event_of_ours_is_left_to_python() -> None:
    kernel = native("turning")
    assert kernel is not None
    deep: Any = "x"
    for _ in range(100):
        deep = (deep,)
    for one in (
        None,
        "x",
        type("Other", (Event,), {})("e", 1, "message", "c"),
        Event("e", 1, "message", "c", fields={"f": deep}),
        _without_roles(),
    ):
        assert kernel.body_digest(one) is None
