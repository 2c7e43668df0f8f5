"""The tables of the library: complete, in both languages, and without two things of one name."""

import subprocess
import sys
from itertools import combinations

import pytest

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Names
from communityrules.library.operators import accepts, comparable
from communityrules.library.table import STANDARD
from communityrules.model.values import DATE, DURATION, INSTANT, MEMBER, NUMBER, TEXT, TEXTS, TIME_OF_DAY, Type

TABLES = ("entities", "events", "actions", "detectors", "functions", "aggregates", "groups", "values", "units")


def names_of(table: str) -> list[Names]:
    return [one.names for one in getattr(STANDARD, table).values()]


def spellings(names: Names) -> tuple[str, ...]:
    return (names.en, names.zh, *names.aliases)


@pytest.mark.parametrize("table", TABLES)
def test_english_and_chinese_names_pair_one_to_one(table: str) -> None:
    names = names_of(table)
    assert len({one.en for one in names}) == len({one.zh for one in names}) == len(names)
    every = [spelling for one in names for spelling in spellings(one)]
    assert len(every) == len(set(every)), "a spelling stands for two things"


def test_functions_and_aggregates_share_no_name() -> None:
    functions = {spelling for one in names_of("functions") for spelling in spellings(one)}
    aggregates = {spelling for one in names_of("aggregates") for spelling in spellings(one)}
    assert not functions & aggregates


@pytest.mark.parametrize("table", TABLES)
def test_tables_are_by_canonical_name(table: str) -> None:
    for name, declared in getattr(STANDARD, table).items():
        assert declared.names.en == name


@pytest.mark.parametrize("owner", [*STANDARD.entities, *STANDARD.events])
def test_fields_pair_one_to_one_within_what_they_belong_to(owner: str) -> None:
    seen: dict[str, str] = {}
    for field in STANDARD.fields_of(owner):
        for spelling in spellings(field.names):
            # A field may stand for one that every event has, but only under the same name in both languages.
            assert seen.setdefault(spelling, field.names.en) == field.names.en
    pairs = {(field.names.en, field.names.zh) for field in STANDARD.fields_of(owner)}
    assert len({en for en, _ in pairs}) == len({zh for _, zh in pairs}) == len(pairs)


def test_only_message_is_both_an_entity_and_an_event_type() -> None:
    """So that the first part of a path means one thing; see `library.entities`."""
    entities = {spelling for one in names_of("entities") for spelling in spellings(one)}
    events = {spelling for one in names_of("events") for spelling in spellings(one)}
    assert entities & events == {"message", "消息"}
    detectors = {spelling for one in names_of("detectors") for spelling in spellings(one)}
    assert not detectors & (entities | events)


def test_fields_are_looked_up_in_the_stated_order() -> None:
    """The entity's own, the event type's own, those of every event."""
    text, sender = STANDARD.field("message", "文本"), STANDARD.field("message", "member")
    assert text is not None
    assert text.type == TEXT
    assert sender is not None
    assert sender.type == MEMBER
    name = STANDARD.field("profile", "名称")
    assert name is not None
    assert name.names.en == "name"
    assert STANDARD.field("trade", "amount") is None
    rule = STANDARD.field("late", "rule")
    assert rule is STANDARD.events["late"].fields[0]


@pytest.mark.parametrize(
    ("table", "spelling", "name"),
    [
        ("events", "申请入群", "join_request"),
        ("events", "入群", "join"),
        ("events", "逾期", "late"),
        ("events", "巡查", "patrol"),
        ("actions", "放行", "allow"),
        ("actions", "送审", "hold"),
        ("actions", "上报", "escalate"),
        ("actions", "指派", "assign"),
        ("actions", "通知", "notify"),
        ("actions", "提醒", "remind"),
        ("actions", "加分", "award"),
        ("actions", "贴标签", "label"),
        ("actions", "置", "set"),
        ("actions", "禁言", "mute"),
        ("aggregates", "去重计数", "distinct"),
        ("aggregates", "先后", "sequence"),
        ("aggregates", "最近一次", "last"),
        ("detectors", "手机号", "phone_number"),
        ("detectors", "身份证号", "id_card"),
        ("detectors", "银行卡号", "bank_card"),
        ("groups", "所有人", "everyone"),
        ("values", "紧急", "urgent"),
        ("units", "分", "points"),
        ("events", "nothing of the kind", None),
    ],
)
def test_names_of_the_tours_resolve(table: str, spelling: str, name: str | None) -> None:
    assert STANDARD.resolve(table, spelling) == name


@pytest.mark.parametrize(
    ("owner", "spelling", "name", "type_"),
    [
        ("message", "链接", "links", TEXTS),
        ("message", "标签", "labels", Type("labels")),
        ("message", "回复对象", "reply_to", Type("message")),
        ("member", "角色", "roles", TEXTS),
        ("member", "入群时长", "tenure", DURATION),
        ("member", "入群", "joined", INSTANT),
        ("event", "时刻", "time", INSTANT),
        ("rating", "分数", "score", NUMBER),
        ("rating", "对象", "target", MEMBER),
        ("report", "成员", "member", MEMBER),
        ("report", "消息", "message", Type("message")),
        ("late", "责任人", "owner", MEMBER),
        ("breach", "rule", "rule", TEXT),
        ("breach", "member", "member", MEMBER),
        ("breach", "penalty", "penalty", TEXT),
        ("settled", "result", "result", TEXT),
        ("sanctioned", "kind", "kind", TEXT),
    ],
)
def test_fields_of_the_tours(owner: str, spelling: str, name: str, type_: Type) -> None:
    field = STANDARD.field(owner, spelling)
    assert field is not None
    assert (field.names.en, field.type) == (name, type_)


def test_every_declaration_is_documented_in_both_languages() -> None:
    docs: list[Bilingual] = []
    for table in (*TABLES, "operators"):
        for declared in getattr(STANDARD, table).values():
            docs.append(declared.doc)
            docs += [field.doc for field in getattr(declared, "fields", ())]
    for doc in docs:
        assert doc.en.endswith(".")
        assert doc.en.isascii() or "`" in doc.en
        assert doc.zh.endswith("。")


def test_modalities_allow_what_the_language_says() -> None:
    """A `should` rule may not punish, hold or block; a `may` rule may only allow."""
    for action in STANDARD.actions.values():
        if action.punishes or action.verdict in ("hold", "block"):
            assert action.allowed_for == ("must", "must_not")
        assert ("may" in action.allowed_for) == (action.names.en == "allow")
    for name in ("remind", "flag", "label", "award"):
        assert "should" in STANDARD.actions[name].allowed_for


def test_verdicts_of_actions() -> None:
    blocking = {name for name, action in STANDARD.actions.items() if action.verdict == "block"}
    assert blocking == {"delete", "reject", "mute", "kick", "ban"}
    assert [name for name, action in STANDARD.actions.items() if action.verdict == "hold"] == ["hold"]
    assert [name for name, action in STANDARD.actions.items() if action.verdict == "flag"] == ["flag"]
    assert {name for name, action in STANDARD.actions.items() if action.sanction} == {"warn", "mute", "kick", "ban"}


def test_names_on_the_wire_are_unambiguous_within_an_action() -> None:
    """Parameters of one name are the same argument by another kind, and stand in one slot."""
    for action in STANDARD.actions.values():
        for one, other in combinations(action.parameters, 2):
            assert (one.slot, one.kind) != (other.slot, other.kind) or action.names.en == "set"
            if one.name == other.name:
                assert one.slot == other.slot


def test_what_may_be_compared() -> None:
    assert comparable(INSTANT, TIME_OF_DAY)
    assert comparable(DATE, INSTANT)
    assert comparable(MEMBER, TEXT)
    assert comparable(Type("state", name="raid"), Type("state", name="raid"))
    assert not comparable(Type("state", name="raid"), Type("state", name="mood"))
    assert not comparable(NUMBER, TEXT)


def test_what_functions_accept() -> None:
    assert accepts(INSTANT, DATE)
    assert accepts(Type("list"), TEXTS)
    assert not accepts(TEXTS, Type("list", NUMBER))
    assert not accepts(DATE, INSTANT)


def test_importing_the_table_loads_nothing_heavy() -> None:
    code = (
        "import sys, communityrules.library.table\n"
        "heavy = {'re2', 'ahocorasick_rs', 'tldextract', 'requests', 'chinese_calendar', 'stdnum', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
