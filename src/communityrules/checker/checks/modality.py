"""What each modality may ask for: `may` allows, `should` reminds and rewards, `must` and `must not` may do all."""

from __future__ import annotations

from typing import Final

from communityrules.checker.book import Book
from communityrules.diagnostics.message import Bilingual, Message
from communityrules.language import tree

NO_MODALITY: Final = Message(
    code="CR420",
    severity="error",
    title=Bilingual("Rule without modality", "规则没有约束程度"),
    text=Bilingual(
        "Rule `{rule}` does not say whether it is a `may`, a `should`, a `must` or a `must not`.",
        "规则 `{rule}` 没有写明是 `可以`、`建议`、`必须` 还是 `禁止`。",
    ),
    hint=Bilingual("Add one of the four on a line of its own.", "请在单独一行写上四者之一。"),
)

TOO_STRONG: Final = Message(
    code="CR421",
    severity="error",
    title=Bilingual("Action that the modality does not allow", "约束程度不允许的动作"),
    text=Bilingual("A `{modality}` rule cannot ask for `{action}`.", "`{modality}` 规则不能要求 `{action}`。"),
    hint=Bilingual("{advice}", "{advice}"),
)

_WORDS: Final = {
    "may": Bilingual("may", "可以"),
    "should": Bilingual("should", "建议"),
    "must": Bilingual("must", "必须"),
    "must_not": Bilingual("must not", "禁止"),
}
_ADVICE: Final = {
    "may": Bilingual("A `may` rule only allows; write `then allow`.", "`可以` 规则只能放行;请写 `则 放行`。"),
    "should": Bilingual(
        "A `should` rule may remind, flag, label, award, notify; to punish, hold or block write `must` or `must not`.",
        "`建议` 规则可以提醒、标记、贴标签、加分或通知;要处罚、送审或拦截,请写 `必须` 或 `禁止`。",
    ),
    "must": Bilingual("Choose another action.", "请换一个动作。"),
    "must_not": Bilingual("Choose another action.", "请换一个动作。"),
}


def check_modality(book: Book) -> None:
    """Every rule has a modality, and asks for nothing that goes beyond it."""
    for text, asked in book.asked:
        modality = text.get(tree.Modality)
        if modality is None:
            # A row of a table is a `must` unless it says otherwise: spreadsheets have no such column.
            if book.complete and text.table is None:
                book.report.add(NO_MODALITY, text.id.span, rule=text.id.text)
            continue
        for action, name in asked:
            if name is not None and modality.kind not in book.scope.library.actions[name].allowed_for:
                _report(book, action.name, modality.kind, action.name.text)
    for judged in book.rules:
        borrowed = [one for one in judged.consequences if isinstance(one, tree.RuleId)]
        if not borrowed:
            continue
        own = {one.do for one in judged.consequences if not isinstance(one, tree.RuleId)}
        for done in judged.rule.actions:
            allowed = book.scope.library.actions[done.do].allowed_for
            if done.do not in own and judged.rule.modality not in allowed:
                _report(book, borrowed[0], judged.rule.modality, done.do)


def _report(book: Book, at: tree.Name | tree.RuleId, modality: str, action: str) -> None:
    book.report.add(TOO_STRONG, at.span, modality=_WORDS[modality], action=action, advice=_ADVICE[modality])
