"""The quick look at a document says that it fits only where `jsonschema` finds nothing."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

from jsonschema import Draft202012Validator

from communityrules.diagnostics.source import Source
from communityrules.tables.data.exporting import export_data
from communityrules.tables.data.quick import fits
from communityrules.tables.data.schema import document_schema

BOOK = """\
rulebook "Reading circle"
  version "1"
  timezone Europe/Berlin

list swaps = "swap", "trade"

# Kept short.
rule 1 "No swaps"
  content "No swaps here."
  must not
  effective from 2024-10-04
  on message
  if message.text contains any of swaps and count(message by member today) > 3
  then delete, warn

rule 2
  must
  responsible staff
  on feedback
  require reply within 24 hours, if late remind
"""
STRANGE: tuple[Any, ...] = (
    None,
    True,
    -1,
    10**12,
    "",
    "\n",
    "x" * 20_000,
    [],
    [None],
    {},
    {"is": "path"},
    {"is": 3},
    1.0,
)


def places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            found += [(value, key), *places(one)]
    return found


def test_what_was_exported_fits() -> None:
    assert fits(json.loads(export_data(Source("book.rules", BOOK))))


def test_it_never_takes_what_does_not_fit() -> None:
    document = json.loads(export_data(Source("book.rules", BOOK)))
    validator = Draft202012Validator(document_schema())
    dice = random.Random(4)
    refused = 0
    for _ in range(150):
        damaged = copy.deepcopy(document)
        holder, key = dice.choice(places(damaged))
        match dice.randrange(3):
            case 0:
                holder[key] = copy.deepcopy(dice.choice(STRANGE))
            case 1:
                del holder[key]
            case _ if isinstance(holder, dict):
                holder["surplus"] = 1
        if fits(damaged):
            assert validator.is_valid(damaged)
        else:
            refused += 1
    assert refused > 50


def test_what_is_nested_too_deeply_is_left_to_others() -> None:
    expression: Any = {"is": "flag", "value": True}
    for _ in range(5_000):
        expression = {"is": "not", "operand": expression}
    assert not fits({"form": 1, "declarations": [{"is": "definition", "name": "a", "condition": expression}]})
