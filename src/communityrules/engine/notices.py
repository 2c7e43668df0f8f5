"""Messages to people that the host is to deliver."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from communityrules.checker.checked import Template
from communityrules.engine.confiding import Groups, common
from communityrules.engine.spelling import ABSENT, spell
from communityrules.engine.turn import Act, Terms, Turn
from communityrules.model.decision import Notice

_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
#: What stands for a fact that the reader may not see; in English and in Chinese.
CONFIDENTIAL: Final = ("[confidential]", "[保密]")
#: The languages in which a fact is spelt; what follows says who may see it.
_SPELT: Final = 2
_NOTHING: Final[Mapping[str, str]] = {}
#: Who may see what says nothing of the event, and that it is sent as it is.
_ALL: Final[tuple[Groups, bool]] = ((), True)


def send(turn: Turn, terms: Terms, act: Act, to: Mapping[str, str]) -> None:
    """Send what an action says to a member or a group."""
    name = act.arguments.get("template")
    template = turn.book.rulebook.templates.get(name) if isinstance(name, str) else None
    texts: Mapping[str, str] = {}
    if template is not None:
        texts = _held(template, turn.now)
    elif isinstance(text := act.arguments.get("text"), str):
        texts = {turn.book.rulebook.language: text}
    may, shown = _readers(act, texts, to) if act.said else _ALL
    told = {language: _fill(turn, text, act, language, shown) for language, text in texts.items()}
    covered = {language: _fill(turn, text, act, language, False) for language, text in texts.items()} if may else {}
    put(turn, act.do, to, terms.rule, template.name if template else None, told, may, covered)


def put(
    turn: Turn,
    kind: str,
    to: Mapping[str, str],
    rule: str,
    template: str | None,
    texts: Mapping[str, str],
    may: Groups = (),
    covered: Mapping[str, str] = _NOTHING,
) -> None:
    """Put a notice into the decision; `may` are the groups that may see its texts, all others the covered ones."""
    told = Notice(
        turn.tx.new_id("notice"), kind, dict(to), rule, template, texts, confidential=may, covered=dict(covered)
    )
    turn.parts.notices.append(told)


def _readers(act: Act, texts: Mapping[str, str], to: Mapping[str, str]) -> tuple[Groups, bool]:
    """The groups that may see what an action says; nothing where everybody may, or where those it goes to may not, who
    are then sent it covered. And whether it is sent as it is."""
    may: Groups = ()
    shown = True
    for name in {found[1].strip() for text in texts.values() for found in _PLACEHOLDER.finditer(text)}:
        said = act.said.get(name, ())
        if len(said) > _SPELT:
            may = common(may, tuple(said[_SPELT + 1 :]))
            shown = shown and (to.get("group") in said[_SPELT + 1 :] or to.get("member") == said[_SPELT])
    return (may if shown else ()), shown


def to_group(turn: Turn, terms: Terms, act: Act) -> None:
    """Send to the group that the action names, if any."""
    group = act.arguments.get("to")
    if isinstance(group, str):
        send(turn, terms, act, {"group": group})


def with_text(turn: Turn, terms: Terms, act: Act, to: Mapping[str, str]) -> None:
    """Send when the action carries words and there is somebody to read them."""
    if to and (act.arguments.get("template") is not None or act.arguments.get("text") is not None):
        send(turn, terms, act, to)


def _held(template: Template, now: int) -> Mapping[str, str]:
    """The texts that a template has at an instant; where none holds, the last that did, else the first."""
    if not template.dated:
        return template.texts
    begun = [one for one in template.dated if one.start is None or one.start <= now]
    return (begun or template.dated)[-1 if begun else 0].texts


def _fill(turn: Turn, text: str, act: Act, language: str, shown: bool) -> str:
    """A text with the facts that the action settled and the values that parameters have now.

    What is confidential is left out unless `shown`. Other braces stay as written.
    """
    if "{" not in text:
        return text

    def value(found: re.Match[str]) -> str:
        name = found[1].strip()
        said = act.said.get(name)
        if said is not None and len(said) > _SPELT and not shown:
            return CONFIDENTIAL[language == "zh"]
        if said is not None:
            return said[language == "zh"]
        declared = turn.book.rulebook.parameters.get(name)
        if declared is None:
            return found[0]
        return spell(turn.book.parameter(name, turn.now), declared.type, language) or ABSENT

    return _PLACEHOLDER.sub(value, text)
