"""Whatever tree there is: as data it stays the same, and bad data is refused in words."""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

sys.path.insert(0, str(Path(__file__).parents[2] / "language"))

from trees import TREES, files

from communityrules.diagnostics.source import Source
from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.language.names import NoNames
from communityrules.language.parse import parse
from communityrules.tables.data.entering import read_document
from communityrules.tables.data.importing import from_data
from communityrules.tables.data.leaving import document, dumps
from communityrules.tables.data.proving import prove
from communityrules.tables.data.schema import document_schema
from communityrules.tables.data.validating import misfits
from communityrules.tables.reading import Refused

DIGEST = "0" * 64
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
SEEDS = [
    """\
# A small one
rulebook "Club"
  timezone Asia/Shanghai
list rude = "shut up", "get lost"
parameter most = 3, 5 from 2025-01-01
penalty ladder over 30 days
  1st: warn
  then on: mute 1 day
rule 1 "Calm"  # the first
  must not
  if not (message.text contains any of rude) and count(message by member today) > most + 1
  then delete, penalty ladder
table care on message, first match
  | rule | if | then |
  | C-1 | message.text contains "money" | notify staff |
  | C-2 | otherwise | flag |
test "Rude"
  2024-10-08
  10:00 bob message "SHUT UP" expect flag
""",
    """\
# 一张小表
规则手册 "读书会"
定义 夜里 为 时间 介于 22:00 与 08:00
规则 第十五条 "安静"
  禁止
  若 夜里 且 消息.长度 超过 200
  则 送审 管理员 4小时内,逾期 删除
""",
]
ODD: list[Any] = [
    None, True, 0, -1, 10**17, 1.5, "", "x", "a\nb", "\0", "\ud800", "rule", "2024-02-30", "99", "1e9", [], {}, [[]],
    {"is": "text", "value": "x"}, {"is": "path", "parts": ["a", "b"]}, {"is": "nothing"}, {"is": ["rule"]},
    {"is": "rule", "id": "7"}, {"is": "not"}, {"is": "predicate", "operator": "between", "left": {"is": "flag"}},
]  # fmt: skip


REFUSALS = {"CR776", "CR777", "CR778", "CR779"}


def codes_of(text: str) -> set[str]:
    """What a text in JSON is refused with; nothing when it gives a rulebook."""
    try:
        from_data(text, "x.json")
    except Refused as error:
        return {one.code for one in error.diagnostics}
    return set()


def blanks(file: tree.File) -> str:
    return format_file(file, NoNames(), file.spelling)


@settings(max_examples=TREES, deadline=None, suppress_health_check=list(HealthCheck))
@given(files())
def test_any_tree_comes_back(file: tree.File) -> None:
    text = dumps(document(file, DIGEST))
    _, again = read_document(text, "x.json")
    assert again == file
    # Blank lines and the spelling too, which are no part of equality.
    assert blanks(again) == blanks(file)
    assert dumps(document(again, DIGEST)) == text


@FEW
@given(files())
def test_a_tree_from_a_text_can_be_written_down_again(file: tree.File) -> None:
    read, diagnostics = parse(Source("x", format_file(file, NoNames(), "en")))
    assume(not any(one.severity == "error" for one in diagnostics))
    _, again = read_document(dumps(document(read, DIGEST)), "x.json")
    prove(again, "x.json")


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a value: what holds it and its key."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        one = waiting.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else []
        found += [(one, key) for key in keys]
        waiting += [one[key] for key in keys]
    return found


@FEW
@given(st.sampled_from(SEEDS), st.data())
def test_mutated_documents_are_refused_or_are_rulebooks(seed: str, data: st.DataObject) -> None:
    made = json.loads(json.dumps(document(parse(Source("x", seed))[0], DIGEST)))
    for _ in range(data.draw(st.integers(1, 3))):
        found = places(made)
        holder, key = found[data.draw(st.integers(0, len(found) - 1))]
        what = data.draw(st.sampled_from(["odd", "gone", "other", "more"]))
        if what == "odd":
            # A copy: the next round may change what is in it.
            holder[key] = deepcopy(data.draw(st.sampled_from(ODD)))
        elif what == "gone":
            del holder[key]
        elif what == "other":
            other, its = found[data.draw(st.integers(0, len(found) - 1))]
            copied = json.loads(json.dumps(other[its])) if its in other or isinstance(other, list) else None
            holder[key] = copied
        elif isinstance(holder, list):
            holder.insert(key, json.loads(json.dumps(holder[key])))
        else:
            holder["surplus"] = 1
    # Our way of looking and that of any other validator agree.
    assert bool(misfits(made, "x")) == (not Draft202012Validator(document_schema()).is_valid(made))
    try:
        result = from_data(json.dumps(made), "x.json")
    except Refused as error:
        for one in error.diagnostics:
            assert one.code in REFUSALS
            assert one.text("zh") != one.text("en")
        return
    again, diagnostics = parse(Source("x", result.text))
    assert len(again.declarations) == len(result.file.declarations)
    assert not [one for one in diagnostics if one.code.startswith("CR1") and one.severity == "error"]


@FEW
@given(st.sampled_from(SEEDS), st.integers(0, 10**6), st.binary(max_size=6))
def test_mutated_texts_are_refused_or_are_rulebooks(seed: str, where: int, put: bytes) -> None:
    text = dumps(document(parse(Source("x", seed))[0], DIGEST))
    where %= len(text)
    letters = put.decode("latin-1")
    assert codes_of(text[:where] + letters + text[where + len(letters) :]) <= REFUSALS


@pytest.mark.parametrize("seed", SEEDS, ids=["en", "zh"])
def test_what_is_cut_off_is_refused(seed: str) -> None:
    text = dumps(document(parse(Source("x", seed))[0], DIGEST))
    for end in range(0, len(text) - 2, len(text) // 40):
        with pytest.raises(Refused) as refused:
            read_document(text[:end], "x.json")
        assert refused.value.diagnostic.code == "CR776"
