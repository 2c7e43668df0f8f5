"""Checked rulebooks as bytes and back, and bytes that are none."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from communityrules.checker.check import check
from communityrules.checker.files import folder_reader, read_file
from communityrules.checker.packing import PackingError, pack, unpack

BOOKS = sorted(Path(__file__).parents[2].glob("examples/**/*.rules"))


@pytest.mark.parametrize("path", BOOKS, ids=lambda one: one.stem)
def test_what_comes_back_is_the_same(path: Path) -> None:
    result = check(read_file(path), read=folder_reader(path.parent))
    if result.rulebook is None:
        pytest.skip("a part of another rulebook")
    rulebook, diagnostics = unpack(pack((result.rulebook, result.diagnostics), result.files), result.files)
    assert rulebook == result.rulebook
    assert rulebook.tests == result.rulebook.tests
    assert diagnostics == result.diagnostics
    # What does not take part in equality.
    assert repr([one.origin for one in rulebook.rules]) == repr([one.origin for one in result.rulebook.rules])
    assert repr(rulebook.rules) == repr(result.rulebook.rules)


class _Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (eval, ("1 / 0",))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"nothing",
        pickle.dumps(_Harmful()),
        pickle.dumps(Path("x")),
        pickle.dumps(check),
        b"ccommunityrules.checker.checked\ndataclass\n.",
        b"ccommunityrules.diagnostics.source\nSource\n.",
        b"ccommunityrules.checker.packing\nnth_source\n(K\x07tR.",
        pack(("fine", 1))[:-3],
    ],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(PackingError):
        unpack(data)


def test_sources_that_are_not_handed_in_are_not_packed() -> None:
    path = next(one for one in BOOKS if (found := check(read_file(one)).rulebook) is not None and found.tests)
    with pytest.raises(PackingError):
        pack(check(read_file(path)).rulebook)
