"""One log for all tests that only read."""

from __future__ import annotations

import pytest
from audited import Files, read, write


@pytest.fixture(scope="session")
def thousand(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A log of a thousand records and its texts."""
    found = read(write(tmp_path_factory.mktemp("thousand"), 880))
    lines = found.lines[:1000]
    assert len(lines) == 1000
    numbers = {b'{"n":%d,' % number for number in range(1000)}
    texts = [one for one in found.text_lines if one[: one.index(b",") + 1] in numbers]
    return Files(b"".join(lines), b"".join(texts))


@pytest.fixture(scope="session")
def few(tmp_path_factory: pytest.TempPathFactory) -> Files:
    """A log of some thirty records and its texts."""
    return read(write(tmp_path_factory.mktemp("few"), 30))
