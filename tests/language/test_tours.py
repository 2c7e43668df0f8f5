"""The tours of the language, when they lie beside the checkout: they parse, and one is the other's translation."""

from __future__ import annotations

import time
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from reading import TOURS, read

from communityrules.diagnostics.source import Source
from communityrules.language import tree as t
from communityrules.language.format import format_file
from communityrules.language.names import NoNames
from communityrules.language.parse import parse

pytestmark = pytest.mark.skipif(not (TOURS / "tour.en.rules").is_file(), reason="the tours are not here")


def tour(language: str) -> str:
    return (TOURS / f"tour.{language}.rules").read_text(encoding="utf-8")


def shape(node: Any) -> Any:
    """A tree without names, texts, comments and spans."""
    if isinstance(node, tuple):
        return tuple(map(shape, node))
    if isinstance(node, t.Layout):
        return len(node.before), node.after is None
    if isinstance(node, t.Name | t.Text | t.RuleId):
        return type(node).__name__
    if is_dataclass(node) and not isinstance(node, type):
        return type(node).__name__, *(shape(getattr(node, one.name)) for one in fields(node) if one.name != "span")
    return node


@pytest.mark.parametrize("language", ["en", "zh"])
def test_they_parse_and_stay(language: str) -> None:
    file = read(tour(language))
    assert file.spelling == language
    formatted = format_file(file, NoNames())
    assert read(formatted) == file
    assert format_file(read(formatted), NoNames()) == formatted


def test_they_have_one_shape() -> None:
    english, chinese = read(tour("en")), read(tour("zh"))
    for left, right in zip(english.declarations, chinese.declarations, strict=True):
        assert shape(left) == shape(right)


def test_a_translated_tour_has_the_shape_of_the_other() -> None:
    english, chinese = read(tour("en")), read(tour("zh"))
    translated = format_file(english, NoNames(), "zh")
    assert shape(read(translated).declarations) == shape(chinese.declarations)
    assert format_file(read(translated), NoNames(), "en") == format_file(english, NoNames())


def test_a_tour_is_read_quickly() -> None:
    text = tour("en")
    read(text)
    start = time.process_time()
    for _ in range(5):
        parse(Source("x", text))
    assert (time.process_time() - start) / 5 < 0.1
