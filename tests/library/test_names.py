"""Names for the formatter: translating there and back gives the same."""

import pytest

from communityrules.language.names import NameTable
from communityrules.library.names import LibraryNames
from communityrules.library.table import STANDARD

NAMES: NameTable = LibraryNames()


@pytest.mark.parametrize(
    ("kind", "table"),
    [
        ("event", "events"),
        ("entity", "entities"),
        ("entity", "events"),
        ("function", "functions"),
        ("function", "aggregates"),
        ("action", "actions"),
        ("detector", "detectors"),
        ("group", "groups"),
        ("value", "values"),
        ("unit", "units"),
    ],
)
def test_there_and_back(kind: str, table: str) -> None:
    names = LibraryNames()
    for declared in getattr(STANDARD, table).values():
        english, chinese = declared.names.en, declared.names.zh
        assert names.translate(kind, english, "zh") == chinese
        assert names.translate(kind, chinese, "en") == english
        assert names.translate(kind, english, "en") == english
        assert names.translate(kind, chinese, "zh") == chinese
        for alias in declared.names.aliases:
            assert names.translate(kind, alias, "en") == english


@pytest.mark.parametrize("owner", [*STANDARD.entities, *STANDARD.events])
def test_fields_there_and_back(owner: str) -> None:
    chinese_owner = NAMES.translate("entity", owner, "zh")
    assert NAMES.entity(chinese_owner) == owner
    for field in STANDARD.fields_of(owner):
        chinese = NAMES.translate("field", field.names.en, "zh", owner)
        assert chinese == field.names.zh
        assert NAMES.translate("field", chinese, "en", chinese_owner) == field.names.en


def test_names_of_the_writer_stay() -> None:
    assert NAMES.translate("field", "金额", "en", "trade") == "金额"
    assert NAMES.translate("field", "时刻", "en") == "时刻"
    assert NAMES.translate("field", "等级", "en", "member") == "等级"
    assert NAMES.translate("event", "交易", "en") == "交易"
    assert NAMES.translate("action", "greet", "zh") == "greet"
    assert NAMES.translate("value", "high", "zh", "set") == "high"
    assert NAMES.translate("unit", "分", "en", "remind") == "分"


def test_words_by_what_introduces_them() -> None:
    assert NAMES.translate("value", "urgent", "zh", "priority") == "紧急"
    assert NAMES.translate("unit", "points", "zh", "award") == "分"
    assert NAMES.translate("unit", "point", "en", "扣分") == "points"


@pytest.mark.parametrize(
    ("name", "parent", "entity"),
    [
        ("消息", None, "message"),
        ("成员", None, "member"),
        ("评价", None, "rating"),
        ("message", "report", "message"),
        ("对象", "评价", "member"),
        ("reply_to", "message", "message"),
        ("score", "rating", None),
        ("amount", "trade", None),
        ("ad_words", None, None),
    ],
)
def test_what_names_stand_for(name: str, parent: str | None, entity: str | None) -> None:
    assert NAMES.entity(name, parent) == entity


def test_particles() -> None:
    assert NAMES.particle("hold") == NAMES.particle("送审") == "for"
    assert NAMES.particle("上报") == NAMES.particle("assign") == "to"
    assert NAMES.particle("notify") == NAMES.particle("greet") == ""
