"""What installed packages add to the library."""

import pytest

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Action, Detector, Function, Match, Names
from communityrules.library.names import LibraryNames
from communityrules.library.registry import ExtensionError, extended, standard_library
from communityrules.library.table import STANDARD
from communityrules.model.values import NUMBER, TEXT

DOC = Bilingual("For tests.", "供测试用。")
SHOUT = Function(Names("shouts", "喊叫"), DOC, (TEXT,), NUMBER, lambda text: text.count("!"))
GREET = Action(Names("greet", "问候"), DOC, "allow", "member")
STARS = Detector(Names("stars", "星号"), DOC, lambda text: [Match(0, 1)] if text.startswith("*") else [])


def test_additions_stand_beside_what_is_built_in() -> None:
    library = extended(STANDARD, [SHOUT, GREET, STARS], "test")
    assert library.resolve("functions", "喊叫") == "shouts"
    assert library.resolve("actions", "问候") == "greet"
    assert library.resolve("detectors", "星号") == "stars"
    assert library.resolve("functions", "length") == "length"
    assert LibraryNames(library).translate("action", "greet", "zh") == "问候"
    assert STANDARD.resolve("functions", "shouts") is None


@pytest.mark.parametrize(
    "declared",
    [
        Action(Names("delete", "去掉"), DOC, "allow", "member"),
        Action(Names("remove", "删除"), DOC, "allow", "member"),
        Function(Names("count", "数"), DOC, (), NUMBER, lambda: 0),
        Detector(Names("web", "网", ("链接",)), DOC, lambda text: [Match(0, len(text))]),
    ],
)
def test_taken_names_are_refused(declared: Action | Function | Detector) -> None:
    with pytest.raises(ExtensionError, match="taken"):
        extended(STANDARD, [declared], "test")


def test_two_additions_of_one_name_are_refused() -> None:
    with pytest.raises(ExtensionError, match="taken"):
        extended(STANDARD, [GREET, GREET], "test")


def test_other_things_are_refused() -> None:
    with pytest.raises(ExtensionError, match="no function"):
        extended(STANDARD, ["greet"], "test")  # type: ignore[list-item]


def test_the_standard_library_is_read_once() -> None:
    assert standard_library() is standard_library()
    assert set(STANDARD.functions) <= set(standard_library().functions)
