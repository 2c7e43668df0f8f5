"""What a `use` says besides the file: dates, parameters, lists; and changes of rules that another file holds."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from books import book, codes, found, look

from communityrules.checker.check import check
from communityrules.diagnostics.source import Source

SHARED = """
list words = "buy", "sell"
parameter limit = 3 from 2025-01-01, 5 from 2025-06-01
rule s/1 "Words"
  must not
  on message
  if message.text contains any of words or message.length > limit
  then delete
rule s/2 "Length"
  must not
  effective from 2025-03-01 through 2025-09-30
  on message
  if message.length > 900
  then flag
"""
HEAD = 'rulebook "main"\n  published 2025-01-01\n'


def used(use: str, more: str = "") -> dict[str, list[tuple[str | None, str | None]]]:
    """When each rule is in force, as days."""
    rulebook = book(f"{HEAD}{use}\n{more}", {"shared.rules": SHARED})
    in_force: dict[str, list[tuple[str | None, str | None]]] = {}
    for one in rulebook.rules:
        in_force.setdefault(one.id, []).append((day(one.start), day(one.end)))
    return in_force


def day(moment: int | None) -> str | None:
    return None if moment is None else str(datetime.fromtimestamp(moment / 1_000_000, None).date())


def test_rules_hold_from_the_published_day() -> None:
    assert used('use "shared.rules"')["s/1"] == [("2025-01-01", None)]


def test_dates_of_the_use_narrow_those_of_the_rules() -> None:
    assert used('use "shared.rules" from 2025-05-01')["s/1"] == [("2025-05-01", None)]
    assert used('use "shared.rules" from 2025-05-01')["s/2"] == [("2025-05-01", "2025-10-01")]
    assert used('use "shared.rules" through 2025-06-30') == {
        "s/1": [("2025-01-01", "2025-07-01")],
        "s/2": [("2025-03-01", "2025-07-01")],
    }


def test_parameters_and_lists_are_set() -> None:
    rulebook = book(
        f'{HEAD}use "shared.rules"'
        ' with limit = 7 from 2025-01-01, 9 from 2025-02-01, words + "hire", "rent", words - "SELL"',
        {"shared.rules": SHARED},
    )
    assert [value for _, value in rulebook.parameters["limit"].values] == [7, 9]
    assert rulebook.lists["words"].items == ("buy", "hire", "rent")
    rulebook = book(f'{HEAD}use "shared.rules" with words = "only"', {"shared.rules": SHARED})
    assert rulebook.lists["words"].items == ("only",)


def test_words_come_from_a_file_and_change_those_of_a_file() -> None:
    files = {
        "a/shared.rules": SHARED.replace('"buy", "sell"', 'file "words.txt"'),
        "a/words.txt": "# words\nbuy\nsell\n",
        "mine.txt": "rent\n",
    }
    rulebook = book(f'{HEAD}use "a/shared.rules" with words + file "mine.txt", words - "buy"', files)
    assert rulebook.lists["words"].items == ("sell", "rent")


def test_both_spellings() -> None:
    text = '规则手册 "main"\n  发布 2025-01-01\n引用 "shared.rules" 自 2025-02-01 附带 limit = 7,words + "租"'
    rulebook = book(text, {"shared.rules": SHARED})
    assert [value for _, value in rulebook.parameters["limit"].values] == [7]
    assert "租" in rulebook.lists["words"].items
    assert day(rulebook.rules[0].start) == "2025-02-01"


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ("lmit = 3", "CR201"),
        ('limit = "3"', "CR717"),
        ("limit + 3", "CR717"),
        ('limit = file "x.txt"', "CR717"),
        ("words = 3", "CR717"),
        ('words = "a" from 2025-01-01', "CR717"),
        ('words + "a", 3', "CR717"),
        ("limit = 3, limit = 4", "CR204"),
        ('words + file "none.txt"', "CR711"),
    ],
)
def test_settings_that_do_not_fit(settings: str, code: str) -> None:
    assert codes(f'{HEAD}use "shared.rules" with {settings}', {"shared.rules": SHARED}) == [code]


def test_a_word_that_is_not_there_is_told() -> None:
    result = look(f'{HEAD}use "shared.rules" with words - "rent"', {"shared.rules": SHARED})
    assert [(one.code, one.severity) for one in result.diagnostics] == [("CR719", "warning")]
    assert result.rulebook is not None


def test_an_unknown_knob_is_mended() -> None:
    (one,) = look(f'{HEAD}use "shared.rules" with limt = 3', {"shared.rules": SHARED}).diagnostics
    assert one.fix is not None
    assert one.fix.replacement == "limit"


def test_a_file_is_set_where_it_is_used_first() -> None:
    text = f'{HEAD}use "shared.rules"\nuse "shared.rules" with limit = 4\n'
    assert codes(text, {"shared.rules": SHARED}) == ["CR718"]
    assert codes(f'{HEAD}use "shared.rules"\nuse "shared.rules"\n', {"shared.rules": SHARED}) == []


def test_rules_of_a_used_file_are_changed_at_once_and_by_date() -> None:
    more = "amend rule s/1 immediately\n  then flag\namend rule s/1 from 2025-08-01\n  then hold for staff\n"
    rulebook = book(f'{HEAD}use "shared.rules"\n{more}', {"shared.rules": SHARED})
    versions = [one for one in rulebook.rules if one.id == "s/1"]
    assert [(day(one.start), one.actions[0].do) for one in versions] == [("2025-01-01", "flag"), ("2025-08-01", "hold")]


def test_a_change_from_the_first_day_is_one_at_once() -> None:
    assert used('use "shared.rules"', "amend rule s/1 from 2025-01-01\n  then flag\n")["s/1"] == [("2025-01-01", None)]
    assert "s/1" not in used('use "shared.rules"', "repeal rule s/1 from 2025-01-01\n")


def test_a_repeal_at_once_leaves_the_rule_out() -> None:
    assert "s/2" not in used('use "shared.rules"', "废止 规则 s/2 即时\n")


def test_two_changes_at_once_are_one_too_many() -> None:
    more = "amend rule s/1 immediately\n  then flag\nrepeal rule s/1 immediately\n"
    assert codes(f'{HEAD}use "shared.rules"\n{more}', {"shared.rules": SHARED}) == ["CR307"]


def test_ones_own_rules_are_changed_by_date() -> None:
    rule_1 = "rule 1\n  must not\n  on message\n  if message.length > 3\n  then delete\n"
    assert [code for code, _ in found(f"{HEAD}{rule_1}repeal rule 1 immediately\n")] == ["CR316"]


# --- packs ---------------------------------------------------------------------------------------------------


def test_a_pack_is_found_without_a_reader() -> None:
    result = check(Source("main.rules", f'{HEAD}use "pack:flooding"\n'))
    assert result.diagnostics == ()
    assert [one.name for one in result.files] == ["main.rules", "pack:flooding/flooding.rules"]


def test_the_language_of_the_head_chooses_the_words_of_a_pack() -> None:
    for language, name in (("en", "Too many messages"), ("zh", "消息过多")):
        rulebook = book(f'rulebook "main"\n  language {language}\nuse "pack:flooding"\n')
        assert rulebook.rules[0].name == name


def test_knobs_are_known_by_their_names_in_both_languages() -> None:
    for language in ("en", "zh"):
        for name in ("flooding_mentions", "刷屏点名上限"):
            rulebook = book(f'rulebook "main"\n  language {language}\nuse "pack:flooding" with {name} = 9\n')
            assert 9 in [value for one in rulebook.parameters.values() for _, value in one.values]


def test_an_unknown_pack_is_told_with_the_known_ones() -> None:
    (one,) = look('use "pack:fraudd"\n').diagnostics
    assert one.code == "CR716"
    assert one.fix is not None
    assert one.fix.replacement == '"pack:fraud"'
    (one,) = look('use "pack:../ads"\n').diagnostics
    assert one.code == "CR716"


def test_packs_hold_from_the_day_of_their_use() -> None:
    rulebook = book(f'{HEAD}  timezone UTC\nuse "pack:insults" from 2025-04-01\n')
    assert {one.start for one in rulebook.rules} == {_micros(date(2025, 4, 1))}


def _micros(one: date) -> int:
    from datetime import UTC

    return int(datetime(one.year, one.month, one.day, tzinfo=UTC).timestamp()) * 1_000_000


def test_used_files_may_use_packs_and_no_file_of_the_community_passes_for_one() -> None:
    files = {"mine.rules": 'use "pack:newcomers"\n'}
    assert book('use "mine.rules"\n', files).rules[0].id == "newcomers/1"
    assert codes('list words = file "pack:ads/grey.txt"\nrule 1\n  must not\n  on message\n'
                 "  if message.text contains any of words\n  then delete\n") == ["CR712"]  # fmt: skip


_OPEN = """
parameter limit required
rule o/1 "Length"
  must not
  on message
  if message.length > limit
  then delete
"""


def _told(text: str, files: dict[str, str]) -> list[tuple[str, str]]:
    return [(one.code, one.span.text if one.span is not None else "") for one in look(text, files).diagnostics]


def test_a_required_parameter_must_be_set_at_the_use() -> None:
    files = {"open.rules": _OPEN, "middle.rules": 'use "open.rules"\n'}
    assert _told(f'{HEAD}use "open.rules"\n', files) == [("CR720", 'use "open.rules"')]
    (limit,) = book(f'{HEAD}use "open.rules" with limit = 3, 5 from 2025-06-01\n', files).parameters.values()
    assert [value for _, value in limit.values] == [3, 5]
    assert "limit" in book(f'{HEAD}use "middle.rules" with limit = 3\n', files).parameters
    assert _told(f'{HEAD}use "middle.rules"\n', files) == [("CR720", 'use "middle.rules"')]


def test_a_file_with_a_required_parameter_does_not_stand_alone() -> None:
    assert found(_OPEN) == [("CR721", "limit")]
    assert codes(_OPEN.replace("required", "必填")) == ["CR721"]


def test_a_required_deadline_is_a_deadline() -> None:
    """Left open, it is told once: there is no talk of a missing deadline beside it."""
    text = """
parameter time required
rule o/1 "Read first"
  must
  on message
  then hold for staff within time, if late approve
"""
    assert found(text) == [("CR721", "time")]
