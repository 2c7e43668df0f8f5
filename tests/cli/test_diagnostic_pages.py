"""Diagnostics of events, stores and commands: documented, in both languages, and the examples say what they show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from communityrules.cli import messages as commands
from communityrules.diagnostics.message import Message
from communityrules.engine import errors as engine
from communityrules.stores import errors as stores
from communityrules.wire import errors as wire
from communityrules.wire.events import WireError
from communityrules.wire.reading import decode_event

PAGES = Path(__file__).parents[2] / "docs" / "reference" / "diagnostics"
ON_PAGE = {
    "events.md": (*wire.MESSAGES, *engine.MESSAGES, *stores.MESSAGES),
    "commands.md": commands.MESSAGES,
}
ALL = [(page, message) for page, messages in ON_PAGE.items() for message in messages]
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def section(page: str, message: Message) -> str:
    text = (PAGES / page).read_text(encoding="utf-8")
    return text.partition(f"## {message.code}: ")[2].partition("\n## ")[0]


@pytest.mark.parametrize(("page", "message"), ALL, ids=lambda one: getattr(one, "code", one))
def test_every_code_is_on_its_page_with_its_texts(page: str, message: Message) -> None:
    shown = section(page, message)
    for text in (message.title, message.text, message.hint):
        assert text.en in shown
        assert text.zh in shown
        assert set(_PLACEHOLDER.findall(text.en)) == set(_PLACEHOLDER.findall(text.zh))


def test_pages_name_no_other_codes_and_codes_are_used_once() -> None:
    for page, messages in ON_PAGE.items():
        codes = re.findall(r"^## (CR\d{3})", (PAGES / page).read_text(encoding="utf-8"), re.MULTILINE)
        assert codes == [message.code for message in messages]
    every = [message.code for _, message in ALL]
    assert len(set(every)) == len(every)


EXAMPLES = [message for message in wire.MESSAGES if "```text fails" in section("events.md", message)]


@pytest.mark.parametrize("message", EXAMPLES, ids=lambda one: one.code)
def test_failing_events_get_their_code_and_repaired_ones_none(message: Message) -> None:
    shown = section("events.md", message)
    fails = re.findall(r"```text fails\n(.*)\n```", shown)
    repaired = re.findall(r"```json event\n(.*)\n```", shown)
    assert len(fails) == len(repaired) == 1
    with pytest.raises(WireError) as caught:
        decode_event(fails[0].encode())
    assert caught.value.diagnostic.code == message.code
    decode_event(repaired[0].encode())


def test_most_kinds_of_wrong_events_have_an_example() -> None:
    assert len(EXAMPLES) >= 8
