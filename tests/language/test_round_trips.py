"""Formatting and parsing again is the identity on trees; formatting twice changes nothing."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from reading import read
from trees import files

from communityrules.language.format import format_file
from communityrules.language.names import NoNames
from communityrules.language.tree import File

_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@_SETTINGS
@given(files())
def test_parsing_what_was_formatted_gives_the_tree(file: File) -> None:
    for language in ("en", "zh"):
        text = format_file(file, NoNames(), language)
        found = read(text)
        assert found == file, text
        assert format_file(found, NoNames(), language) == text


@_SETTINGS
@given(files())
def test_to_the_other_spelling_and_back(file: File) -> None:
    english = format_file(file, NoNames(), "en")
    chinese = format_file(read(english), NoNames(), "zh")
    assert format_file(read(chinese), NoNames(), "en") == english
