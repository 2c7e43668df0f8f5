"""From a category of `phrases/categories.toml` to a condition on messages: packs, detectors and measures.

A pack's own rules act by their own scope and consequences, which the words of the rule that is drafted may not share.
So the drafted rulebook uses the pack, repeals its rules, and asks their conditions in a definition of its own: the
pack's words and parameters stay where they are kept up to date and can be set.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Final

from communityrules.checker.packs import main_file, parsed_pack_file
from communityrules.diagnostics.message import Bilingual, Language
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import said
from communityrules.tables.drafting.phrases import words_of
from communityrules.tables.making import NOWHERE


@dataclass(frozen=True, slots=True)
class Category:
    """One category: its definition's name, and what it asks."""

    name: Bilingual
    #: The pack, and the numbers of those of its rules whose conditions are asked.
    pack: str = ""
    rules: tuple[str, ...] = ()
    #: A parameter of the pack and its value here.
    setting: tuple[Bilingual, int] | None = None
    assumed: Bilingual | None = None


_PACKS: Final = {
    "advertising": Category(
        Bilingual("is_advertising", "属于广告"), "ads", ("ads/1", "ads/2", "ads/3", "ads/4"),
        (Bilingual("ads_limit", "广告分数线"), 2),
    ),
    "insults": Category(
        Bilingual("is_insulting", "属于辱骂"), "insults", ("insults/1", "insults/2", "insults/3")
    ),
    "personal": Category(
        Bilingual("tells_personal_data", "含个人信息"), "personal-data",
        ("personal-data/1", "personal-data/2", "personal-data/3", "personal-data/4"), assumed=said.WHOSE,
    ),
    "flooding": Category(
        Bilingual("is_flooding", "属于刷屏"), "flooding", ("flooding/1", "flooding/2", "flooding/5"),
        assumed=said.FLOODED,
    ),
    "fraud": Category(
        Bilingual("looks_like_fraud", "疑似诈骗"), "fraud",
        ("fraud/1", "fraud/2", "fraud/3", "fraud/4", "fraud/6"),
    ),
}  # fmt: skip
_REPEATED: Final = Bilingual("is_repeated", "属于重复")
_CALLS: Final = Bilingual("calls_to_everyone", "呼叫所有人")
_PROMOTION: Final = Bilingual("promotion_words", "推广用语")

#: Categories that stand for several others.
_SEVERAL: Final = {"spam": ("advertising", "flooding", "repetition")}
#: Categories of which a message is only sometimes one: it waits for people.
DOUBTFUL: Final = frozenset({"fraud"})


def spread(categories: tuple[str, ...]) -> tuple[str, ...]:
    """The categories, with those in place of a name for several."""
    return tuple(dict.fromkeys(one for name in categories for one in _SEVERAL.get(name, (name,))))


@cache
def wired(
    category: str, language: Language
) -> tuple[tree.Expression, tuple[tree.Declaration, ...], tuple[Bilingual, ...]]:
    """The condition that tells a category, the declarations that it needs, and what was assumed."""
    known = _PACKS.get(category)
    if known is not None:
        name = known.name.fill(language, {})
        needs = _of_pack(category, known, name, language)
        return making.path(name), needs, (known.assumed,) if known.assumed is not None else ()
    text = making.path("message.text")
    if category == "links":
        return making.is_not_empty("message.links"), (), ()
    if category == "invites":
        return making.predicate(text, "contains", making.path("group_invite")), (), ()
    if category == "everyone_called":
        name = _CALLS.fill(language, {})
        calls = tuple(map(making.text, ("@所有人", "@全体成员", "@everyone", "@here", "@all")))
        declared = tree.ListDeclaration(making.name(name), False, calls, None, NOWHERE)
        return making.predicate(text, "contains_any", making.path(name)), (declared,), ()
    name = _REPEATED.fill(language, {})
    window = tree.Sliding(making.duration(10, "minute"), NOWHERE)
    keys = (making.path("member"),)
    alike = tree.Call(making.name("similar"), (making.path("message"),), keys, window, None, NOWHERE)
    definition = tree.Definition(making.name(name), making.compare(alike, ">=", making.number(3)), NOWHERE)
    return making.path(name), (definition,), (said.REPEATED,)


def _of_pack(category: str, known: Category, name: str, language: Language) -> tuple[tree.Declaration, ...]:
    rules = _rules_of(known.pack, language)
    settings: tuple[tree.Setting, ...] = ()
    if known.setting is not None:
        parameter, value = known.setting
        number = tree.DatedValue(making.number(Decimal(value)), None, NOWHERE)
        called = making.name(parameter.fill(language, {}))
        settings = (tree.Setting(called, "=", (number,), None, NOWHERE),)
    replaced = making.layout(said.INSTEAD.fill(language, {}))
    use = tree.Use(making.text(f"pack:{known.pack}"), None, None, settings, NOWHERE, replaced)
    repeals = tuple(tree.Repeal(making.rule_id(one), None, NOWHERE) for one in rules)
    asked: list[tree.Expression] = [rules[one] for one in known.rules if one in rules]
    needs: list[tree.Declaration] = [use, *repeals]
    if category == "advertising":
        words = _PROMOTION.fill(language, {})
        items = tuple(map(making.text, words_of("promotion", "words")))
        note = making.layout(said.assumed_of(said.PROMOTION, language))
        needs.append(tree.ListDeclaration(making.name(words), False, items, None, NOWHERE, note))
        asked.append(making.predicate(making.path("message.text"), "contains_any", making.path(words)))
    needs.append(tree.Definition(making.name(name), making.either(*asked), NOWHERE))
    return tuple(needs)


@cache
def _rules_of(pack: str, language: Language) -> dict[str, tree.Expression]:
    """The conditions of a pack's rules by number; the tree stands nowhere in the rulebook that is drafted."""
    file, _ = parsed_pack_file(main_file(pack, language))
    found: dict[str, tree.Expression] = {}
    for one in file.declarations:
        if isinstance(one, tree.Rule):
            condition = next((clause.condition for clause in one.clauses if isinstance(clause, tree.If)), None)
            if condition is not None:
                found[one.id.text] = condition
    return found
