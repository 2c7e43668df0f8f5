"""What people wrote and who they are is not in the log itself; what the rules say is."""

from __future__ import annotations

import orjson
import pytest
from audited import Files

from communityrules.wire.audit.private import Parted, uses
from communityrules.wire.audit.secret import Secret, commitment
from communityrules.wire.audit.texts import Kept, read_texts, write_texts

WIRE = {
    "event": "m1", "time": "2026-06-01T00:00:00+08:00", "community": "c",
    "rulebook": {"name": "Book", "version": None, "digest": "d"}, "verdict": "block",
    "outcomes": [{
        "rule": "5", "name": "Name", "content": "Words", "modality": "must_not", "verdict": "block", "trial": False,
        "overridden_by": None,
        "actions": [
            {"do": "delete", "on": {"message": "m1"}}, {"do": "mute", "text": "bad, wei", "on": {"member": "wei"}},
        ],
        "evidence": [
            {"kind": "match", "field": "message.text", "what": "ad_words", "text": "call 555", "start": 0, "end": 3},
            {"kind": "case", "case": "m1/case/1", "group": "staff", "votes": [{"member": "sue", "vote": "approve"}]},
            {"kind": "unheard_of", "who": "wei", "list": ["wei", 3], "deep": {"wei": {"x": "y"}}, "count": 7},
        ],
    }],
    "sanctions": [{"id": "m1/sanction/1", "member": "wei", "kind": "mute", "start": "t", "end": None, "rules": ["5"]}],
    "duties": [{"id": "m0/duty/1", "rule": "3", "on": "reply", "responsible": "amy", "about": "m0", "status": "open"}],
    "cases": [], "notices": [{"id": "m1/notice/1", "kind": "notify", "to": {"group": "staff"}, "rule": "5",
                              "template": None, "texts": {"en": "wei was muted"}}],
    "points": [], "labels": [], "errors": [{"rule": "5", "file": "a.rules", "line": 3, "error": "bad value 'wei'"}],
    "late": False, "something_new": {"whatever": "secret"}, "another": "secret too",
}  # fmt: skip


def test_what_the_rules_say_stays_and_everything_else_goes() -> None:
    parted = Parted(WIRE)
    written = orjson.dumps(parted.decision).decode()
    for stays in (
        "ad_words",
        "Words",
        "Book",
        "m1/sanction/1",
        "m1/case/1",
        "mute",
        "staff",
        "approve",
        "message.text",
    ):
        assert f'"{stays}"' in written
    for goes in ("wei", "call 555", "sue", "amy", "secret", "bad", "m0"):
        assert goes not in written
    assert len(parted.texts) == len(set(parted.texts))
    assert '{"whatever":"secret"}' in parted.texts
    assert '{"wei":{"x":"y"}}' in parted.texts


def test_of_a_timer_the_id_goes_too_and_what_was_made_of_it() -> None:
    event = {"type": "timer", "id": "label/wei/17", "what": "label"}
    parted = Parted({**WIRE, "event": event, "sanctions": [{"id": "label/wei/17/sanction/1", "kind": "mute"}]})
    assert parted.decision["event"]["what"] == "label"
    assert "wei" not in orjson.dumps(parted.decision).decode()


def test_where_people_stand_is_known_again() -> None:
    parted = Parted(WIRE)
    found = {parted.texts[use.index]: (use.person, use.subject) for use in uses({"decision": parted.decision})}
    assert found["wei"] != (False, False)
    assert found["sue"] == (True, False)
    assert found["amy"] == (True, True)
    assert found["call 555"] == (False, False)


def test_no_text_of_the_village_is_in_its_log(thousand: Files) -> None:
    names = {b"amy", b"bob", b"wei", b"sue", "加微信 me".encode(), b"shoes", b"ishmael"}
    assert all(one in thousand.texts for one in (b"amy", "加微信".encode(), b"cheap"))
    assert [one for one in names if one in thousand.log] == []


def test_a_commitment_is_of_the_text_and_its_salt() -> None:
    secret = Secret(b"k" * 16)
    salt = secret.salt(b"c\nm1", b"text")
    assert len(salt) == 32
    assert len({salt, secret.salt(b"c\nm2", b"text"), secret.salt(b"c\nm1", b"Text")}) == 3
    assert secret.salt(b"c\nm1", b"text") == Secret(b"k" * 16).salt(b"c\nm1", b"text")
    assert commitment(salt, b"text") != commitment(salt, b"Text")
    assert Kept(salt, "text").commitment() == commitment(salt, b"text")


@pytest.mark.parametrize(
    "line",
    [
        b"", b"[]", b'{"n":1}', b'{"n":1,"texts":[1]}', b'{"n":1,"texts":[{"salt":"00","text":"a"}]}',
        b'{"n":-1,"texts":[]}',
        b'{"n": 1,"texts":[]}', b'{"texts":[],"n":1}', b'{"n":1,"texts":[],"n":1}', b'{"n":1.0,"texts":[]}',
        b'{"n":true,"texts":[]}', b'{"n":1,"texts":[{"salt":"' + b"0" * 32 + b'","text":"\\u0061"}]}',
    ],
)  # fmt: skip
def test_texts_are_read_only_as_they_were_written(line: bytes) -> None:
    assert read_texts(line) is None


def test_texts_come_back() -> None:
    texts = [Kept("0" * 32, 'a\u2028"\\ 你好'), None]
    found = read_texts(write_texts(7, texts))
    assert found is not None
    assert (found.number, found.texts) == (7, texts)
