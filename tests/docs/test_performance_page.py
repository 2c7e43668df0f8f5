"""The page of measured figures is what its generator makes of the figures that are kept: nobody edits it by hand."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from docs_blocks import DOCS, ROOT

sys.path.insert(0, str(ROOT / "tests" / "benchmarks"))

from curves import picture
from performance_page import goals, page

RESULTS = ROOT / "tests" / "benchmarks" / "results.json"
PAGE = DOCS / "explanation" / "performance.md"
MEND = "run `python tests/benchmarks/performance.py --from tests/benchmarks/results.json`"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def results() -> Any:
    return json.loads(RESULTS.read_text(encoding="utf-8"))


def test_page_and_picture_are_made_of_the_figures(results: Any) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(results), MEND
    assert PAGE.with_suffix(".svg").read_text(encoding="utf-8") == picture(results), MEND


def test_the_labels_of_the_picture_stand_apart(results: Any) -> None:
    # All curves end at the same place, so every label has to make room.
    close = [one | {"mean": 5.0} if "mean" in one else one for one in results["scaling"]]
    drawn = ElementTree.fromstring(picture(results | {"scaling": close}))
    assert drawn[1].tag == f"{SVG}rect"
    right = [one for one in drawn.findall(f"{SVG}text") if float(one.get("x", 0)) > 620]
    places = sorted((float(one.get("y", 0)), int(one.get("font-size", 0))) for one in right)
    assert len(places) >= 6
    assert all(below - size > above for (above, _), (below, size) in pairwise(places))
    assert all(size < y < 540 for y, size in places)


def test_what_is_not_measured_or_not_reached_is_said(results: Any) -> None:
    none = results | {"scaling": [one for one in results["scaling"] if one["kind"] != "mixed"], "loading": {}}
    assert [one.measured for one in goals(none) if "mixed rules" in one.said] == [""] * 5
    slow = results | {"windows": dict.fromkeys(results["windows"], 1000.0)}
    missed = page(slow).split("Not reached in this run:")[1]
    assert "- two windows over 10,000 members" in missed
