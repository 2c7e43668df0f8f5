"""The packs: each in two languages that say the same, with tests that pass, a page, and words that fold to words."""

from __future__ import annotations

import dataclasses
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from communityrules.checker.check import check
from communityrules.checker.checked import Rulebook
from communityrules.checker.files import folder_reader, read_file
from communityrules.checker.packs import main_file, pack_names, read_pack_file
from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.language.parse import parse
from communityrules.language.printing.words import own_names
from communityrules.library.fold import fold_text
from communityrules.library.names import LibraryNames
from communityrules.library.table import STANDARD
from communityrules.workbench.testing import run_tests

PACKS = Path(str(files("communityrules"))) / "packs"
PAGES = Path(__file__).parents[2] / "docs" / "packs"
LANGUAGES = ("en", "zh")
#: Whose texts each language says in its own words.
_OWN_WORDS = (tree.Header, tree.HeaderEntry, tree.Content, tree.Rule, tree.Test)

#: Rules that answer only when a knob is turned.
BEHIND_KNOBS = {"ads": ["ads/6"], "impersonation": ["impersonation/2"], "personal-data": ["personal-data/5"]}

names = pytest.mark.parametrize("pack", pack_names())
languages = pytest.mark.parametrize("language", LANGUAGES)


def source_file(pack: str, language: str) -> Path:
    return PACKS / pack / f"{pack}{'.zh' if language == 'zh' else ''}.rules"


def checked(pack: str, language: str) -> Rulebook:
    file = source_file(pack, language)
    result = check(read_file(file), read=folder_reader(file.parent))
    assert [(one.code, one.text()) for one in result.diagnostics] == []
    assert result.rulebook is not None
    return result.rulebook


def test_there_are_these_packs() -> None:
    assert pack_names() == (
        "ads", "flooding", "fraud", "impersonation", "insults", "newcomers", "personal-data", "scam-links",
    )  # fmt: skip


@names
@languages
def test_its_own_tests_pass(pack: str, language: str) -> None:
    run = run_tests(checked(pack, language), STANDARD)
    assert run.results
    assert [one.test.name.value for one in run.results if not one.passed] == []
    assert [rule.id for rule in run.coverage.unreached_rules] == BEHIND_KNOBS.get(pack, [])


@names
@languages
def test_it_is_laid_out_and_spelt_in_its_language(pack: str, language: str) -> None:
    source = read_file(source_file(pack, language))
    file, _ = parse(source)
    assert format_file(file, LibraryNames(), "zh" if language == "zh" else "en") == source.text
    assert f"{'语言 zh' if language == 'zh' else 'language en'}\n" in source.text


@names
@languages
def test_its_rules_bear_its_name_and_have_no_dates(pack: str, language: str) -> None:
    file, _ = parse(read_file(source_file(pack, language)))
    rules = [one for one in file.declarations if isinstance(one, tree.Rule)]
    assert [one.id.text for one in rules] == [f"{pack}/{number}" for number in range(1, len(rules) + 1)]
    assert not any(isinstance(clause, tree.Effective) for one in rules for clause in one.clauses)
    entries = [entry.key for one in file.declarations if isinstance(one, tree.Header) for entry in one.entries]
    assert "published" not in entries


@names
def test_both_languages_say_the_same(pack: str) -> None:
    english, _ = parse(read_file(source_file(pack, "en")))
    chinese, _ = parse(read_file(source_file(pack, "zh")))
    own = {name for one in chinese.declarations for name in own_names(one)}
    text = format_file(chinese, LibraryNames(), "en")
    translated, problems = parse(read_pack_text(text))
    assert problems == []
    called: dict[str, str] = {}
    differences = list(different(english.declarations, translated.declarations, called, ()))
    assert differences == []
    renamed = {one: other for one, other in called.items() if one != other}
    assert set(renamed.values()) <= own
    assert len(set(renamed.values())) == len(renamed)


def read_pack_text(text: str) -> Any:
    from communityrules.diagnostics.source import Source

    return Source("translated.rules", text)


def different(one: Any, other: Any, called: dict[str, str], inside: tuple[type, ...]) -> Any:
    """Where two trees differ, but for names, which must be called alike throughout, and for texts to people."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        if len(one) != len(other):
            yield (inside[-1:], len(one), len(other))
            return
        for left, right in zip(one, other, strict=True):
            yield from different(left, right, called, inside)
    elif isinstance(one, tree.Name) and isinstance(other, tree.Name):
        if called.setdefault(one.text, other.text) != other.text:
            yield (one.text, called[one.text], other.text)
    elif isinstance(one, tree.Text) and isinstance(other, tree.Text) and inside[-1] in _OWN_WORDS:
        assert one.value
        assert other.value
    elif type(one) is not type(other):
        yield (inside[-1:], one, other)
    elif isinstance(one, tree.Layout):
        if len(one.before) != len(other.before):
            yield ("comments", one.before, other.before)
    elif isinstance(one, tree.HeaderEntry) and one.key == "language":
        return
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            if field.name != "span":
                left, right = getattr(one, field.name), getattr(other, field.name)
                yield from different(left, right, called, (*inside, type(one)))
    elif one != other:
        yield (inside[-1:], one, other)


@names
def test_its_words_are_words(pack: str) -> None:
    for file in sorted((PACKS / pack).glob("*.txt")):
        lines = [one for one in file.read_text(encoding="utf-8").split("\n") if one and not one.startswith("#")]
        assert len(lines) == len(set(lines)), f"{file.name} says something twice"
        short = [one for one in lines if len(fold_text(one).strip()) < (1 if file.name in _SINGLE else 2)]
        assert short == [], f"{file.name}: found nearly everywhere"
        assert file.read_text(encoding="utf-8").startswith("# "), f"{file.name} says what it is for"


#: Lists that only ever count together with another, where one letter says enough (急, 爸).
_SINGLE = {"kin.txt", "urgency.txt", "mild.txt", "whom.txt"}


@names
def test_every_word_list_is_used(pack: str) -> None:
    text = source_file(pack, "en").read_text(encoding="utf-8")
    assert {one.name for one in (PACKS / pack).glob("*.txt")} == set(re.findall(r'file "([^"]+)"', text))


@names
def test_its_page_names_its_knobs_and_tells_its_figures(pack: str) -> None:
    page = (PAGES / f"{pack}.md").read_text(encoding="utf-8")
    for language in LANGUAGES:
        file, _ = parse(read_pack_file(main_file(pack, "zh" if language == "zh" else "en")))
        knobs = [one.name.text for one in file.declarations if isinstance(one, tree.ParameterDeclaration)]
        assert knobs
        assert [one for one in knobs if f"`{one}`" not in page] == []
        rules = [one.id.text for one in file.declarations if isinstance(one, tree.Rule)]
        assert [one for one in rules if f"`{one}`" not in page] == []
    assert "## Measured" in page
    assert re.search(r"^\| all \|(?: [^|]+ \|){7}$", page, re.MULTILINE)


@names
@languages
def test_a_rulebook_uses_it(pack: str, language: str) -> None:
    head = f'rulebook "town"\n  language {language}\n  published 2026-01-01\nuse "pack:{pack}"\n'
    result = check(read_pack_text(head))
    assert [(one.code, one.text()) for one in result.diagnostics] == []
    assert result.rulebook is not None
    assert {one.id.partition("/")[0] for one in result.rulebook.rules} == {pack}
    assert len({one.start for one in result.rulebook.rules}) == 1
    assert result.rulebook.name == "town"
    assert result.rulebook.tests == ()


@languages
def test_all_packs_stand_side_by_side(language: str) -> None:
    head = f'rulebook "town"\n  language {language}\n' + "".join(f'use "pack:{one}"\n' for one in pack_names())
    assert check(read_pack_text(head)).diagnostics == ()


def test_knobs_turn_rules_on() -> None:
    from communityrules import Engine, loads

    rulebook = loads(
        'use "pack:impersonation"\n'
        '  with impersonation_names_only_flagged = false, impersonation_reserved + "Maple Street"\n'
        'use "pack:personal-data" with personal_messengers_allowed = false\n'
        'use "pack:ads" with ads_shops_allowed = false\n'
    )
    event = {"id": "1", "ts": "2026-03-02T09:00:00Z", "community": "c", "author": "eve", "type": "message"}
    with Engine(rulebook) as engine:
        named = {**event, "member": {"id": "eve", "name": "MAPLE  STREET"}, "text": "hello"}
        del named["author"]
        assert [one.rule for one in engine.judge(named).outcomes] == ["impersonation/2"]
        told = {**event, "id": "2", "author": "amy", "text": "加我微信号 amy_lee2020"}
        assert [one.rule for one in engine.judge(told).outcomes] == ["personal-data/5"]
        shop = {**event, "id": "3", "author": "shop", "text": "周年庆全场五折,原价300元"}
        assert [one.rule for one in engine.judge(shop).outcomes] == ["ads/6"]
