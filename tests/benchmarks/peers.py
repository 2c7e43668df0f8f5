"""The same rules in other engines that install from PyPI, each in its quickest documented form.

Every engine is handed the message as a dictionary and gives the numbers of the rules that match; what it needs in
another form it makes of that itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from workload import FIELDS, Condition, Rule

Judge = Callable[[dict[str, Any]], list[int]]


class UnsayableError(Exception):
    """An engine has no way to say such rules."""


def _leaf(
    word: Callable[[str], str],
    pattern: Callable[[str], str],
    either: str,
    *,
    among: str = "{field} in {values}",
    named: str = "{field}",
) -> Callable[[Condition], str]:
    """How one condition is said: a word that the text holds, a pattern that it fits, a field that is compared."""

    def leaf(one: Condition) -> str:
        match one:
            case ("words", listed):
                return f"({either.join(map(word, listed))})"
            case ("pattern", expression):
                return pattern(expression)
            case (field, "in", values):
                return among.format(field=field, values=_listed(values))
            case (field, operator, value):
                return f"{named.format(field=field)} {operator} {_value(value)}"
        raise AssertionError(one)

    return leaf


def _joined(rule: Rule, leaf: Callable[[Condition], str], both: str, either: str) -> str:
    return both.join(f"({either.join(map(leaf, one[1]))})" if one[0] == "or" else leaf(one) for one in rule)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _value(value: str | int) -> str:
    return _quoted(value) if isinstance(value, str) else str(value)


def _listed(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, values))}]"


def zen_engine(rules: Sequence[Rule]) -> Judge:
    import zen

    leaf = _leaf(lambda word: f"contains(text, {_quoted(word)})", lambda said: f"matches(text, '{said}')", " or ")
    asked = zen.compile_expression(f"[{', '.join(_joined(rule, leaf, ' and ', ' or ') for rule in rules)}]")
    keys = _needed(rules)
    return lambda message: [
        number for number, holds in enumerate(asked.evaluate({key: message[key] for key in keys})) if holds
    ]


def cedar(rules: Sequence[Rule]) -> Judge:
    if any(one[0] == "pattern" for rule in rules for one in rule):
        raise UnsayableError("Cedar has no patterns")
    import cedarpy

    leaf = _leaf(
        lambda word: "context.text like " + _quoted(f"*{word}*"),
        str,
        " || ",
        among="{values}.contains(context.{field})",
        named="context.{field}",
    )
    policies = "\n".join(
        f"permit(principal, action, resource) when {{ {_joined(rule, leaf, ' && ', ' || ')} }};" for rule in rules
    )
    known, nobody = cedarpy.PolicySet.from_str(policies), cedarpy.Entities.from_json_str("[]")
    keys = _needed(rules)

    def judge(message: dict[str, Any]) -> list[int]:
        request = {
            "principal": 'U::"a"',
            "action": 'A::"b"',
            "resource": 'R::"c"',
            "context": {key: message[key] for key in keys},
        }
        answer = cedarpy.is_authorized(request, known, nobody)
        return sorted(int(policy.removeprefix("policy")) for policy in answer.diagnostics.reasons)

    return judge


def common_expression_language(rules: Sequence[Rule]) -> Judge:
    import cel

    leaf = _leaf(lambda word: f"text.contains({_quoted(word)})", lambda said: f"text.matches({_quoted(said)})", " || ")
    program = cel.compile(f"[{', '.join(_joined(rule, leaf, ' && ', ' || ') for rule in rules)}]")
    keys = _needed(rules)
    return lambda message: [
        number for number, holds in enumerate(program.execute({key: message[key] for key in keys})) if holds
    ]


def datalogic(rules: Sequence[Rule]) -> Judge:
    if any(one[0] == "pattern" for rule in rules for one in rule):
        raise UnsayableError("JsonLogic has no patterns")
    import datalogic_py
    import orjson

    def leaf(one: Condition) -> Any:
        match one:
            case ("or", several):
                return {"or": [leaf(each) for each in several]}
            case ("words", listed):
                return {"or": [{"in": [word, {"var": "text"}]} for word in listed]}
            case (field, "in", values):
                return {"in": [{"var": field}, list(values)]}
            case (field, operator, value):
                return {operator: [{"var": field}, value]}
        raise AssertionError(one)

    engine = datalogic_py.Engine()
    compiled = [
        engine.compile({"and": [leaf(one) for one in rule]} if len(rule) > 1 else leaf(rule[0])) for rule in rules
    ]
    session, keys = engine.session(), _needed(rules)

    def judge(message: dict[str, Any]) -> list[int]:
        data = datalogic_py.DataHandle(orjson.dumps({key: message[key] for key in keys}).decode())
        return [number for number, one in enumerate(session.evaluate_many(compiled, data)) if one == "true"]

    return judge


def rule_engine(rules: Sequence[Rule]) -> Judge:
    import rule_engine as engine

    leaf = _leaf(lambda word: f"{_quoted(word)} in text", lambda said: f"text =~~ {_quoted(said)}", " or ")
    made = [engine.Rule(_joined(rule, leaf, " and ", " or ")) for rule in rules]
    return lambda message: [number for number, one in enumerate(made) if one.matches(message)]


def yara(rules: Sequence[Rule]) -> Judge:
    import yara as engine

    def one_rule(rule: Rule, number: int) -> str:
        strings: list[str] = []

        def leaf(one: Condition) -> str:
            match one:
                case ("words", listed):
                    first = len(strings)
                    strings.extend(f"$s{first + at} = {_quoted(word)}" for at, word in enumerate(listed))
                    return f"any of ({', '.join(f'$s{first + at}' for at in range(len(listed)))})"
                case ("pattern", pattern):
                    if not pattern.isascii():
                        raise UnsayableError("YARA's patterns are of bytes")
                    strings.append(f"$s{len(strings)} = /{pattern.replace('/', chr(92) + '/').replace('(?:', '(')}/")
                    return f"$s{len(strings) - 1}"
                case (field, "in", values):
                    return f"({' or '.join(f'{field} == {_quoted(value)}' for value in values)})"
                case (field, operator, value):
                    return f"{field} {operator} {_value(value)}"
            raise AssertionError(one)

        condition = _joined(rule, leaf, " and ", " or ")
        listed = f"strings: {' '.join(strings)} " if strings else ""
        return f"rule r{number} {{ {listed}condition: {condition} }}"

    externals = {field: "" if field in ("rank", "room") else 0 for field in FIELDS}
    made = engine.compile(source="\n".join(one_rule(rule, at) for at, rule in enumerate(rules)), externals=externals)
    return lambda message: sorted(
        int(found.rule[1:])
        for found in made.match(
            data=message["text"].encode(), fast=True, externals={field: message[field] for field in FIELDS}
        )
    )


def _needed(rules: Sequence[Rule]) -> tuple[str, ...]:
    """What of a message the rules read."""
    read: dict[str, None] = {}
    for rule in rules:
        for one in rule:
            for part in one[1] if one[0] == "or" else (one,):
                read["text" if part[0] in ("words", "pattern") else part[0]] = None
    return tuple(read)


PEERS: dict[str, Callable[[Sequence[Rule]], Judge]] = {
    "zen-engine": zen_engine,
    "cedarpy": cedar,
    "common-expression-language": common_expression_language,
    "datalogic-py": datalogic,
    "rule-engine": rule_engine,
    "yara-python": yara,
}
