"""The checks of a place, in the order in which they are tried.

Each looks at the place and, when it knows the trouble, gives the diagnostic and a repair; the last one always answers.
"""

from __future__ import annotations

from collections.abc import Callable

from communityrules.diagnostics.message import Diagnostic, Fix
from communityrules.language import messages
from communityrules.language.expected import in_words
from communityrules.language.keywords import keyword_table
from communityrules.language.run import Run
from communityrules.language.scan import Scan
from communityrules.language.token import make_token
from communityrules.language.trouble.glued import glued_phrase, glued_slot, glued_tail
from communityrules.language.trouble.habits import (
    dash_for_to,
    habitual_ordinal,
    habitual_word,
    surplus_article,
    surplus_word,
)
from communityrules.language.trouble.heads import article, misread_head, numbered_step, ordinal_and_later
from communityrules.language.trouble.lists import empty_list
from communityrules.language.trouble.numbers import bad_number, glued_to_number, misspelt_unit, short_unit
from communityrules.language.trouble.numerals import number_in_words
from communityrules.language.trouble.place import Finding, Place, Repair, Values
from communityrules.language.trouble.signs import missing_quotes, open_parenthesis, surplus_parenthesis, surplus_sign
from communityrules.language.trouble.slips import (
    clock,
    comma_before_joining,
    comment_sign,
    counted_thing,
    in_for_within,
    joining_word,
    label_of_modality,
    row_without_table,
    several_days,
    several_texts,
    several_weekdays,
    should_not,
    surplus_quotes,
    surplus_then,
    whole_clause,
    window_outside,
    word_before_date,
)
from communityrules.language.trouble.taken import slip
from communityrules.language.trouble.words import (
    forgotten_word,
    glued_keyword,
    keyword_glued_to_name,
    name_with_sign,
    name_with_space,
    unknown_word,
)


def diagnose(run: Run, scan: Scan, start: int) -> Finding:
    """What is wrong at `start`."""
    place = Place(run, scan, start)
    for check in CHECKS:
        finding = check(place)
        if finding is not None:
            return finding
    return _unexpected(place)


_DECLARING = frozenset(one.token for one in keyword_table().section("declarations"))


def misread(run: Run, scan: Scan, start: int, *, first: bool) -> Finding | None:
    """What is wrong with a name that could be taken, and is not what its writer meant."""
    place = Place(run, scan, start)
    finding = short_unit(place) or number_in_words(place) or slip(place) or glued_slot(place)
    finding = finding or (misread_head(place) if first else glued_tail(place))
    declaring = run.previous is not None and run.previous.type in _DECLARING
    return None if finding is None or (scan.declares(place.word) and not declaring) else finding


def _incomplete(place: Place) -> Finding | None:
    """The line before is not complete: the trouble is its end, not the beginning of this one."""
    previous = place.run.previous
    if not place.first_on_line or place.complete or previous is None:
        return None
    if not place.at_end and place.run.opening_at(place.start) is None:
        return None
    start, stop = previous.start_pos, previous.end_pos
    values: Values = {"after": place.written(start, stop), "expected": in_words(place.expected)}
    repair = None
    if "RULE_ID" in place.expected:
        repair = Repair((make_token("RULE_ID", "?", stop, stop),), place.start)
    return Finding(Diagnostic(messages.INCOMPLETE, place.span(start, stop), values), repair)


def _bad_letter(place: Place) -> Finding | None:
    if place.at_end:
        return None
    letter = place.text[place.start]
    if letter.isalnum() or letter in "_.,:()=<>!+-*/%|\ue000\ue002":
        return None
    values = {"found": place.written()}
    return Finding(Diagnostic(messages.BAD_LETTER, place.span(), values, Fix(place.span(), "")), Repair((), place.stop))


def _unexpected(place: Place) -> Finding:
    start, stop = place.start, max(place.stop, place.start)
    if place.at_end:
        previous = place.run.previous
        start, stop = (previous.start_pos, previous.end_pos) if previous else (start, start)
        values: Values = {"after": place.written(start, stop), "expected": in_words(place.expected)}
        return Finding(Diagnostic(messages.INCOMPLETE, place.span(start, stop), values))
    values = {"found": place.written(start, stop), "expected": in_words(place.expected)}
    return Finding(Diagnostic(messages.UNEXPECTED, place.span(start, stop), values))


Check = Callable[[Place], Finding | None]

#: In the order in which they are tried.
CHECKS: tuple[Check, ...] = (
    comment_sign,
    empty_list,
    glued_phrase,
    ordinal_and_later,
    number_in_words,
    name_with_sign,
    surplus_then,
    counted_thing,
    several_weekdays,
    several_texts,
    comma_before_joining,
    window_outside,
    word_before_date,
    in_for_within,
    should_not,
    row_without_table,
    whole_clause,
    label_of_modality,
    several_days,
    surplus_article,
    habitual_word,
    article,
    clock,
    numbered_step,
    surplus_quotes,
    joining_word,
    open_parenthesis,
    surplus_parenthesis,
    dash_for_to,
    glued_to_number,
    misspelt_unit,
    bad_number,
    habitual_ordinal,
    surplus_word,
    keyword_glued_to_name,
    glued_keyword,
    name_with_space,
    unknown_word,
    forgotten_word,
    missing_quotes,
    surplus_sign,
    _incomplete,
    _bad_letter,
)
