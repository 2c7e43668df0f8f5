"""The log as its reference page describes it, read with nothing but the standard library."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path

from audited import KEY, RULEBOOK, ZONE, Files, decided, events, read, verify

from communityrules import Engine
from communityrules.wire.audit.heads import Head, read_head
from communityrules.wire.audit.writing import AuditLog


def test_the_chain_is_checked_in_a_few_lines(few: Files) -> None:
    previous = "0" * 64
    for number, line in enumerate(few.log.split(b"\n")[:-1]):
        body, _, rest = line.rpartition(b',"hash":')
        record = json.loads(line)
        assert (record["n"], record["previous"]) == (number, previous)
        previous = record["hash"]
        assert rest == b'"%b"}' % previous.encode()
        assert hashlib.sha256(b"communityrules audit record 1\n" + body).hexdigest() == previous


def test_every_text_fits_its_commitment(few: Files) -> None:
    records = {one["n"]: one for one in map(json.loads, few.lines)}
    seen = set()
    for line in few.text_lines:
        kept = json.loads(line)
        texts = kept["texts"]
        found = [
            hashlib.sha256(f"communityrules audit text 1\n{one['salt']}\n{one['text']}".encode()).hexdigest()
            for one in texts
        ]
        assert records[kept["n"]]["texts"] == found
        seen.add(kept["n"])
    assert seen == {number for number, one in records.items() if one.get("texts")}


def test_a_signature_is_an_hmac(tmp_path: Path) -> None:
    head = Head(12, "ab" * 32).signed(KEY)
    (tmp_path / "head").write_bytes(head.encode())
    secret = hmac.digest(KEY, b"communityrules audit 1 heads", "sha256")
    assert head.signature == hmac.new(secret, f"12 {'ab' * 32}".encode(), "sha256").hexdigest()
    assert read_head(str(tmp_path / "head")) == head
    assert read_head("AB" * 32) == Head(None, "ab" * 32)


def test_what_a_store_still_has_can_be_appended_and_is_known_again(tmp_path: Path) -> None:
    path, store = tmp_path / "log.jsonl", f"sqlite:///{tmp_path}/village.db"
    with Engine(RULEBOOK, store=store) as engine, AuditLog(path, ZONE, key=KEY, batch=50) as log:
        for count, decision in enumerate(engine.run(events(40))):
            if count % 3:
                log.append(decision)
    with Engine(RULEBOOK, store=store) as engine, AuditLog(path, ZONE, key=KEY, batch=50) as log:
        known = [log.append(decision) is None for decision in engine.log()]
        assert known == [count % 3 > 0 for count in range(len(known))]
        assert all(log.append(decision, event) is None for decision, event in decided(events(40)))
    found, report = verify(read(path))
    assert (found, report.decisions) == ([], len(known))
