"""Checking a changed text by what has changed gives what checking all of it gives."""

from __future__ import annotations

import gc
import random
from pathlib import Path

import pytest

from communityrules import loads
from communityrules.checker import basis as remembering
from communityrules.checker.basis import Basis
from communityrules.checker.changing import changed
from communityrules.checker.check import CheckResult, check, check_anew
from communityrules.diagnostics.source import Source
from communityrules.library.table import STANDARD

HEAD = """rulebook "Community"
  version "1"
  timezone Asia/Shanghai
  published 2024-10-04

member (level: number)

group newcomers as member.tenure < 3 days
list ad_words = "spam", "scam"
list unused_words = "nothing"
parameter daily = 3 from 2024-10-04, 5 from 2025-01-01
define advertising as message.text contains any of ad_words
define repeated as count(message by member within 10 minutes) >= 3
template limits
  en "At most {daily} a day."

penalty standard over 30 days
  1st: warn
  2nd: mute 1 day

"""
RULES = """# the first
rule 1 "Advertising"
  must not
  on message
  if advertising
  then delete, penalty standard

rule 2 "Too much"
  must not
  applies to newcomers
  on message
  if count(message by member today) > daily
  then remind limits

rule 3
  must not
  on message
  if message.text contains "buy" or repeated
  then delete

rule 4
  must
  responsible staff
  on feedback
  require reply within 24 hours, if late escalate to staff

rule 5
  must not
  on message
  if message.text contains "sell"
  then as rule 3
  todo "look at this again"

table sales on complaint, first match
  | rule | name     | if                             | then            |
  | A-1  | "Refund" | message.text contains "refund" | assign to staff |
  | A-2  | "Any"    | otherwise                      | assign to staff |

amend rule 2 from 2025-01-01
  then flag

test "spam is deleted"
  2024-10-08
  09:00 amy message "spam" expect delete under 1
"""
TEXT = HEAD + RULES


@pytest.fixture(autouse=True)
def _small_texts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembering, "LEAST", 0)


def _anew(text: str) -> CheckResult:
    return check_anew(Source("book", text), STANDARD, None)


def _said(found: CheckResult | Basis, text: str) -> dict[str, object]:
    """All that a result says, with places, wording and what stays out of equality."""
    source = found.source if isinstance(found, Basis) else found.files[0]
    assert source.text == text
    reports = [
        (one.code, one.span and (one.span.start, one.span.end), dict(one.values), one.fix and one.fix.replacement)
        for one in found.diagnostics
    ]
    assert all(one.span is None or one.span.source is source for one in found.diagnostics)
    book = found.rulebook
    assert book is not None
    tests = [[(step.span.start, step.span.end) for step in one.steps] for one in book.tests]
    fields = {one: getattr(book, one) for one in book.__match_args__ if one != "tests"}  # type: ignore[attr-defined]
    # Mappings are equal in any order.
    told = {name: sorted(one.items()) if isinstance(one, dict) else one for name, one in fields.items()}
    return {"reports": reports, "tests": [repr(book.tests), tests], **{name: repr(one) for name, one in told.items()}}


def _agrees(before: Basis, text: str) -> Basis | None:
    """The basis after a change that was followed; it says what checking all says."""
    found = changed(before, Source("book", text), STANDARD)
    anew = _anew(text)
    if found is None:
        return anew.basis
    assert anew.rulebook is not None, anew.diagnostics
    assert found.rulebook == anew.rulebook
    one, other = _said(found, text), _said(anew, text)
    for name, said in one.items():
        assert said == other[name], name
    again = anew.basis
    assert again is not None
    for name in ("starts", "kinds", "called", "counts"):
        assert getattr(found, name) == getattr(again, name), name
    assert found.written._lengths == again.written._lengths
    assert found.counting == again.counting
    assert found.duties == again.duties
    return found


def _basis(text: str) -> Basis:
    found = _anew(text).basis
    assert found is not None
    return found


#: What is changed, and what it becomes.
FOLLOWED = {
    "a rule": ('contains "buy"', 'contains "bargain"'),
    "its name": ('rule 1 "Advertising"', 'rule 1 "No advertising"'),
    "its id": ("rule 4\n", "rule 44\n"),
    "a clause more": ("  if advertising\n", "  if advertising\n  cooldown 1 hour\n"),
    "a clause at the end": ("  then delete\n\nrule 4", "  then delete\n  cooldown 1 hour\n\nrule 4"),
    "a clause less": ('  todo "look at this again"\n', ""),
    "a rule that lends": ("  then delete\n\nrule 4", "  then flag\n\nrule 4"),
    "a rule more": (
        "rule 4\n",
        'rule 33\n  must not\n  on message\n  if message.text contains "x"\n  then flag\n\nrule 4\n',
    ),
    "lines above": ('rulebook "Community"', '# one\n# two\nrulebook "Community"'),
    "lines between": ("# the first\n", "# the first\n# rule\n\n\n"),
    "the version": ('version "1"', 'version "2"'),
    "the version and a rule": (HEAD[:40], HEAD[:40].replace('"1"', '"2"') + ""),
    "a list": ('"spam", "scam"', '"spam", "scum"'),
    "a list that nothing uses": ('"nothing"', '"something"'),
    "a list less": ('list unused_words = "nothing"\n', ""),
    "a list more": ("list unused_words", 'list more_words = "a"\nlist unused_words'),
    "a group": ("member.tenure < 3 days", "member.tenure < 5 days"),
    "a parameter": ("daily = 3", "daily = 4"),
    "a definition": ("contains any of ad_words", "contains any of unused_words"),
    "a definition with a measure": ("within 10 minutes) >= 3", "within 20 minutes) >= 3"),
    "a limit of a measure": (") > daily", ") > 7"),
    "another measure": ("count(message by member today)", "count(message by member this week)"),
    "a measure less": ("count(message by member today) > daily", 'message.text is "x"'),
    "a measure before": ('message.text contains "buy" or repeated', "count(message within 1 hour) > 5 or repeated"),
    "a penalty": ("mute 1 day", "mute 2 days"),
    "a template": ("At most {daily} a day.", "No more than {daily}."),
    "a table": ('contains "refund"', 'contains "money back"'),
    "an amendment": ("amend rule 2 from 2025-01-01\n  then flag", "amend rule 2 from 2025-02-01\n  then remind limits"),
    "no amendment": ("amend rule 2 from 2025-01-01\n  then flag\n", ""),
    "a test": ('message "spam"', 'message "a scam"'),
    "a comment behind": ("then flag\n", "then flag  # only\n"),
    "the end": ("under 1\n", "under 1"),
    "what nothing uses any more": ("  if advertising\n", '  if message.text contains "ad"\n'),
    "what something uses now": ('contains "buy" or repeated', "contains unused_words or repeated"),
}


@pytest.mark.parametrize("what", FOLLOWED)
def test_a_change_is_followed(what: str) -> None:
    old, new = FOLLOWED[what]
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    before = _basis(TEXT)
    assert changed(before, Source("book", text), STANDARD) is not None
    after = _agrees(before, text)
    assert after is not None
    # And back again, from what came out.
    back = changed(after, Source("book", TEXT), STANDARD)
    assert back is not None
    assert _agrees(after, TEXT) is not None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("rule 3\n", "rule 1\n"),
        ("list unused_words", "list ad_words"),
        ("list ad_words", "list other_words"),
        ("rule 3\n", "rule 33\n"),
        ("timezone Asia/Shanghai", "timezone UTC"),
        ("member (level: number)", "member (level: text)"),
        ("  then delete\n\nrule 4", "  then delete,\n\nrule 4"),
        ("require reply within 24 hours", "require reply"),
        ("group newcomers as", "group staff as"),
        ("rule 5\n", "rule 5\n  responsible staff\n  require reply within 1 hour\n"),
        ("under 1\n", "under 9\n"),
    ],
)
def test_what_is_not_followed_is_checked_as_a_whole(old: str, new: str) -> None:
    assert old in TEXT
    _agrees(_basis(TEXT), TEXT.replace(old, new, 1))


def test_where_much_has_changed_all_is_checked() -> None:
    def book(changed: int) -> str:
        long = "x" * 900
        rules = (
            f'list w{one} = "{"new" if one < changed else "old"} {one}", "{long}{one}"\n\n'
            f"rule {one}\n  must not\n"
            f"  on message\n  if message.text contains any of w{one}\n  then flag\n\n"
            for one in range(200)
        )
        return 'rulebook "Many"\n\n' + "".join(rules)

    before = _basis(book(0))
    assert changed(before, Source("book", book(3)), STANDARD) is not None
    assert changed(before, Source("book", book(200)), STANDARD) is None


def test_what_did_not_change_is_the_same_object() -> None:
    before = _basis(TEXT)
    after = changed(before, Source("book", TEXT.replace('"buy"', '"bye"')), STANDARD)
    assert after is not None
    same = [one is other for one, other in zip(before.rulebook.rules, after.rulebook.rules, strict=True)]
    # The third itself, and the fifth, which borrows from it.
    assert [one.id for one, kept in zip(after.rulebook.rules, same, strict=True) if not kept] == ["3"]
    assert after.rulebook.lists is before.rulebook.lists
    lower = changed(before, Source("book", "# more\n" + TEXT), STANDARD)
    assert lower is not None
    for one, other in zip(before.rulebook.rules, lower.rulebook.rules, strict=True):
        assert one.condition is other.condition
        assert one.origin.line + 1 == other.origin.line


def test_check_finds_what_is_held() -> None:
    first = check(Source("book", TEXT))
    again = check(Source("book", TEXT.replace('"buy"', '"bye"')))
    assert again.rulebook is not None
    assert first.rulebook is not None
    assert again.rulebook.rules[0] is first.rulebook.rules[0]
    assert check(Source("other", TEXT)).rulebook.rules[0] is not first.rulebook.rules[0]  # type: ignore[union-attr]  # it is good
    given = check(Source("book", TEXT), before=again)
    assert given.rulebook == first.rulebook


def test_the_line_that_a_warning_tells_moves_along() -> None:
    text = TEXT + "\npower newcomers may mute up to 1 day\npower newcomers may mute up to 2 days\n"
    lower = text.replace('"buy"', '"bye"\n').replace("rule 1", "# more\nrule 1")
    before = _basis(text)
    assert any("line" in one.values for one in before.diagnostics)
    after = _agrees(before, lower)
    assert after is not None
    assert changed(before, Source("book", lower), STANDARD) is not None


def test_what_is_let_go_is_forgotten() -> None:
    first = check(Source("brief", TEXT))
    second = check(Source("brief", TEXT.replace('"buy"', '"bye"')))
    assert remembering.latest(Source("brief", TEXT)) is second.basis
    del second
    gc.collect()
    assert remembering.latest(Source("brief", TEXT)) is first.basis
    del first
    gc.collect()
    assert remembering.latest(Source("brief", TEXT)) is None
    assert not any(name == "brief" for name, _ in remembering._HELD)


def test_loading_again_goes_by_what_is_held() -> None:
    first = loads(TEXT, name="served")
    other = loads(TEXT.replace('"buy"', '"bye"'), name="served")
    assert other.checked.rules[0] is first.checked.rules[0]
    assert other.checked == loads(TEXT.replace('"buy"', '"bye"'), name="alone").checked
    assert other.digest != first.digest


def test_a_mistake_made_and_mended() -> None:
    first = check(Source("book", TEXT))
    wrong = check(Source("book", TEXT.replace("if advertising", "if advertisin")))
    assert wrong.rulebook is None
    assert [one.code for one in wrong.diagnostics] == [
        one.code for one in _anew(TEXT.replace("if advertising", "if advertisin")).diagnostics
    ]
    mended = check(Source("book", TEXT))
    assert mended.rulebook == first.rulebook


#: Rule 5 does what rule 3 does, and rule 6 what rule 5 does; rule 3 does something else from a day on.
LENT = (
    TEXT.replace("amend rule 2", "amend rule 3")
    + """
rule 6
  must not
  on message
  if message.text contains "swap"
  then as rule 5
"""
)


@pytest.mark.parametrize(
    ("old", "new"),
    [('contains "sell"', 'contains "sold"'), ('contains "swap"', 'contains "swop"'), ("as rule 5", "as rule 3")],
)
def test_who_borrows_from_a_rule_with_changes_by_date_has_them(old: str, new: str) -> None:
    assert old in LENT
    text = LENT.replace(old, new, 1)
    before = _basis(LENT)
    assert changed(before, Source("book", text), STANDARD) is not None
    after = _agrees(before, text)
    assert after is not None
    assert sum(one.id in ("5", "6") for one in after.rulebook.rules) == 4


def _edited(draw: random.Random, text: str) -> str:
    """One declaration changed, moved, doubled, dropped, or a word put in the place of another."""
    parts = text.split("\n\n")
    at = draw.randrange(len(parts))
    match draw.randrange(7):
        case 0:
            parts.insert(draw.randrange(len(parts)), parts.pop(at))
        case 1:
            del parts[at]
        case 2:
            parts.insert(draw.randrange(len(parts)), parts[at].replace("rule ", f"rule {draw.randrange(10, 99)}", 1))
        case 3:
            lines = parts[at].split("\n")
            lines.insert(draw.randrange(len(lines) + 1), draw.choice(("# more", "  cooldown 1 hour", '  todo "x"')))
            parts[at] = "\n".join(lines)
        case 4:
            lines = parts[at].split("\n")
            del lines[draw.randrange(len(lines))]
            parts[at] = "\n".join(lines)
        case _:
            old, new = draw.choice(_WORDS)
            places = [place for place in range(len(text)) if text.startswith(old, place)]
            if places:
                place = draw.choice(places)
                return text[:place] + new + text[place + len(old) :]
    return "\n\n".join(parts)


_WORDS = (
    ('"spam"', '"scan"'), ("10 minutes", "20 minutes"), (">= 3", ">= 4"), ("today", "this week"), ("delete", "flag"),
    ("1 day", "2 days"), ("advertising", "repeated"), ("repeated", "advertising"), ("daily", "4"), ('"1"', '"2"'),
    ("ad_words", "unused_words"), ("staff", "newcomers"), ("message", "edit"), ("24 hours", "2 days"),
    ("flag", "delete"), ("\n\n", "\n"), ("rule 3", "rule 5"), ("> ", ">= "), ("3 days", "4 days"), ("limits", "warn"),
)  # fmt: skip


#: Rulebooks of every construct, in both spellings; those that use other files are always checked as a whole.
_EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("**/*.rules"))


@pytest.mark.parametrize("seed", range(4))
def test_random_changes_one_after_the_other(seed: int) -> None:
    draw = random.Random(seed)
    text, before = TEXT, _basis(TEXT)
    followed = 0
    for _ in range(30):
        edited = text
        for _ in range(draw.choice((1, 1, 1, 2))):
            edited = _edited(draw, edited)
        followed += changed(before, Source("book", edited), STANDARD) is not None
        after = _agrees(before, edited)
        if after is not None and len(edited) > len(TEXT) // 2:
            text, before = edited, after
    assert followed > 5


@pytest.mark.parametrize("seed", range(6))
def test_random_changes_of_examples(seed: int) -> None:
    draw = random.Random(seed)
    for path in draw.sample(_EXAMPLES, 5):
        text = path.read_text(encoding="utf-8")
        before = _anew(text).basis
        for _ in range(6 if before is not None else 0):
            assert before is not None
            numbers = [place for place, letter in enumerate(text) if letter.isdigit()]
            at = draw.choice(numbers)
            edited = draw.choice((_edited(draw, text), text[:at] + draw.choice("123456789") + text[at + 1 :]))
            after = _agrees(before, edited)
            if after is not None and len(edited) > 500:
                text, before = edited, after
