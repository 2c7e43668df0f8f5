"""Headers of the kernel say in their names who includes them: `_PART_subject.h` that part alone, others several."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

KERNEL = Path(__file__).parents[2] / "src" / "communityrules" / "kernel"
_INCLUDED = re.compile(r'^#include "([^"]+)"', re.MULTILINE)


def misnamed(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """The headers among sources in C, by name, whose names do not tell who includes them; with the parts that do."""
    parts = {name.removesuffix(".c") for name in sources if name.endswith(".c")}
    users: dict[str, set[str]] = {name: set() for name in sources if name.endswith(".h")}
    for part in parts:
        left = [f"{part}.c"]
        while left:
            for name in _INCLUDED.findall(sources[left.pop()]):
                if part not in users[name]:
                    users[name].add(part)
                    left.append(name)
    wrong = {}
    for name, by in users.items():
        alone = len(by) == 1 and name.startswith(f"{next(iter(by))}_")
        together = len(by) > 1 and not name.startswith("_")
        if not alone and not together:
            wrong[name] = sorted(by)
    return wrong


def test_headers_are_named_after_the_parts_that_include_them() -> None:
    sources = {path.name: path.read_text(encoding="utf-8") for path in KERNEL.glob("*.[ch]")}
    assert [name for name in sources if name.endswith(".h")]
    assert misnamed(sources) == {}


@pytest.mark.parametrize(
    ("header", "by"),
    [
        ("_one_matter.h", ["_two"]),
        ("_one_matter.h", ["_one", "_two"]),
        ("_one_matter.h", []),
        ("_matter.h", ["_one"]),
        ("matter.h", ["_one"]),
        ("matter.h", []),
    ],
)
def test_a_name_that_says_something_else_is_found(header: str, by: list[str]) -> None:
    sources = {
        **{f"{part}.c": '#include "between.h"\n' for part in ("_one", "_two")},
        "between.h": '#include "canonical.h"\n',
        "canonical.h": "",
        header: "",
    }
    for part in by:
        sources[f"{part}.c"] += f'#include "{header}"\n'
    assert misnamed(sources) == {header: by}


def test_what_a_header_includes_counts_for_its_part() -> None:
    sources = {
        "_one.c": '#include "_one_first.h"\n',
        "_two.c": '#include "shared.h"\n',
        "_one_first.h": '#include "_one_second.h"\n#include "shared.h"\n',
        "_one_second.h": "",
        "shared.h": "",
    }
    assert misnamed(sources) == {}
