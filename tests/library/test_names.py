"""Names for the formatter: translating there and back gives the same."""

import pytest

from communityrules.library.names import LibraryNames
from communityrules.library.table import STANDARD

NAMES = LibraryNames()
KINDS = {
    "event": "events",
    "entity": "entities",
    "action": "actions",
    "detector": "detectors",
    "group": "groups",
    "value": "values",
    "unit": "units",
}


@pytest.mark.parametrize(("kind", "table"), KINDS.items())
def test_there_and_back(kind: str, table: str) -> None:
    for declared in getattr(STANDARD, table).values():
        english, chinese = declared.names.en, declared.names.zh
        assert NAMES.translate(kind, english, "zh") == chinese
        assert NAMES.translate(kind, chinese, "en") == english
        assert NAMES.translate(kind, english, "en") == english
        assert NAMES.translate(kind, chinese, "zh") == chinese
        for alias in declared.names.aliases:
            assert NAMES.translate(kind, alias, "en") == english


def test_functions_and_aggregates_are_one_kind() -> None:
    for declared in (*STANDARD.functions.values(), *STANDARD.aggregates.values()):
        assert (
            NAMES.translate("function", NAMES.translate("function", declared.names.en, "zh"), "en") == declared.names.en
        )


@pytest.mark.parametrize("owner", [*STANDARD.entities, *STANDARD.events])
def test_fields_there_and_back(owner: str) -> None:
    chinese_owner = NAMES.translate("entity", NAMES.translate("event", owner, "zh"), "zh")
    for field in STANDARD.fields_of(owner):
        chinese = NAMES.translate("field", f"{owner}.{field.names.en}", "zh")
        assert chinese == field.names.zh
        assert NAMES.translate("field", f"{chinese_owner}.{chinese}", "en") == field.names.en


def test_names_of_the_writer_stay() -> None:
    assert NAMES.translate("field", "trade.金额", "en") == "金额"
    assert NAMES.translate("field", "成员.等级", "en") == "等级"
    assert NAMES.translate("event", "交易", "en") == "交易"
    assert NAMES.translate("action", "greet", "zh") == "greet"


def test_events_of_the_writer_have_the_fields_of_every_event() -> None:
    assert NAMES.translate("field", "交易.时刻", "en") == "time"


def test_particles() -> None:
    assert NAMES.particle("hold") == NAMES.particle("送审") == "for"
    assert NAMES.particle("上报") == NAMES.particle("assign") == "to"
    assert NAMES.particle("notify") == NAMES.particle("greet") == ""
