"""Search checks as conditions."""

from __future__ import annotations

from typing import Final

from communityrules.diagnostics.message import Bilingual
from communityrules.language import tree
from communityrules.tables import making, regexes
from communityrules.tables.automoderator.documents import Entry, Scalar, texts
from communityrules.tables.automoderator.draft import RuleDraft
from communityrules.tables.automoderator.fields import Field
from communityrules.tables.automoderator.keys import SearchKey
from communityrules.tables.carried import filled, joined

_NO_VALUE: Final = Bilingual(
    "without a value it has no effect in AutoModerator either", "没有值,在 AutoModerator 中也不起作用"
)
_NO_TEXT: Final = Bilingual("its value is neither a text nor a list of texts", "其值既不是文字,也不是文字的列表")
_CONVERTED: Final = Bilingual(
    "YAML reads `{word}` as another value, so AutoModerator looks for that; here it is looked for as written",
    "YAML 会把 `{word}` 读成别的值,AutoModerator 查找的是那个值;这里按原文查找",
)
_SOME_LOST: Final = Bilingual("{lost} of {all} values could not be carried over", "{all} 个值中有 {lost} 个无法搬运")
_LATIN: Final = Bilingual(
    "`\\b` is the edge of a word of A to Z here, so next to letters of other scripts it may fit where it did not",
    "这里的 `\\b` 只是拉丁单词的边界,紧挨其他文字的字母时可能多匹配",
)
_ONE_TEXT: Final = Bilingual(
    "it is one text with commas, not a list, and no domain is called so", "这是一段带逗号的文字,不是列表,没有这样的域名"
)
_WHOLE_IDS: Final = Bilingual("ids are compared whole only", "编号只能整体比较")
_NOT_HERE: Final = Bilingual("posts of this type do not have it", "这类帖子没有该项")
_UNKNOWN: Final = Bilingual("AutoModerator does not know the modifier `{word}`", "AutoModerator 没有修饰词 `{word}`")


def search(draft: RuleDraft, entry: Entry, key: SearchKey, fields: dict[str, Field], called: str) -> bool:
    """Add the condition of a search check. Whether it looks for anything; otherwise AutoModerator ignores it, too."""
    values = texts(entry.value)
    if key.unknown:
        draft.leave(entry, filled(_UNKNOWN, word=key.unknown[0]), key=called, wide=True)
        return True
    if values is None:
        draft.leave(entry, _NO_TEXT, key=called, wide=True)
        return True
    if (isinstance(entry.value, Scalar) and entry.value.empty) or not values:
        draft.tell(entry, "exact", _NO_VALUE, key=called)
        return False
    if len(values) > regexes.MOST_VALUES:
        draft.leave(entry, Bilingual("it has too many values", "值过多"), key=called, wide=True)
        return True
    remarks: list[Bilingual] = []
    converted = next((one.text for one in values if one.converted), None)
    if converted is not None:
        remarks.append(filled(_CONVERTED, word=converted))
    known = [fields[one] for one in key.fields if one in fields and fields[one].kinds & draft.kinds]
    remarks += [one.why for one in known if one.why is not None]
    links = [one for one in known if one.paths == ("message.links",)]
    if key.method == "domain" and links and not key.regex:
        condition: tree.Expression | None = making.predicate(
            making.path("message.links"),
            "contains_any",
            draft.word_list([one.text for one in values], _hint(key, called)),
        )
    else:
        condition = _patterns(draft, entry, key, known, [one.text for one in values], called, remarks)
    if condition is None:
        return True
    draft.conditions.append(making.negated(condition) if key.negated else condition)
    for one in known:
        for path in one.paths:
            if one.declared is not None:
                draft.book.declare(path, one.declared)
    if remarks:
        draft.tell(entry, "approximate", joined(remarks), key=called)
    elif key.method == "domain" and isinstance(entry.value, Scalar) and "," in entry.value.text:
        draft.tell(entry, "exact", _ONE_TEXT, key=called)
    else:
        draft.tell(entry, "exact", key=called)
    return True


def _patterns(
    draft: RuleDraft,
    entry: Entry,
    key: SearchKey,
    known: list[Field],
    values: list[str],
    called: str,
    remarks: list[Bilingual],
) -> tree.Expression | None:
    """The condition that any field fits any of the values; None when it had to be left out."""
    values = [one for one in values if one] if len(values) > 1 else values
    found = regexes.patterns(values, key.method, regex=key.regex, case_sensitive=key.case_sensitive)
    if found.lost and (key.negated or not found.patterns):
        # Of what must not be there nothing may be missing.
        draft.leave(entry, _with_value(found.lost[0], key.regex), key=called, wide=True)
        return None
    if found.lost:
        remarks.append(filled(_SOME_LOST, lost=str(len(found.lost)), all=str(len(values))))
        for one in found.lost:
            draft.to_do(entry, one.value, one.why, called)
    identities = [one.identity for one in known if one.identity is not None]
    paths = list(dict.fromkeys(path for one in known for path in one.paths))
    if found.latin_edges and paths:
        remarks.append(_LATIN)
    operands = draft.operands(found.patterns, _hint(key, called), len(paths)) if paths else []
    conditions: list[tree.Expression] = [
        making.predicate(making.path(path), "matches", operand) for path in paths for operand in operands
    ]
    if found.fits_empty:
        # A field that is not there is an empty one to AutoModerator.
        conditions += [making.is_empty(path) for path in paths if path != "message.text"]
    if identities and not paths and found.fits_empty and not key.negated:
        # `id (regex): '.*'` asks for nothing; it is there to be quoted.
        draft.tell(entry, "exact", key=called)
        return None
    if identities and not key.regex and key.method in ("includes-word", "full-exact", "full-text"):
        same = [making.text(one) for one in dict.fromkeys(values)]
        conditions += [making.predicate(making.path(one), "one_of", *same) for one in identities]
    if not conditions:
        draft.leave(entry, _WHOLE_IDS if identities else _NOT_HERE, key=called, wide=True)
        return None
    return making.either(*conditions)


def _with_value(lost: regexes.Lost, regex: bool) -> Bilingual:
    if not regex:
        return lost.why
    return Bilingual(f"`{_cut(lost.value)}`: {lost.why.en}", f"`{_cut(lost.value)}`:{lost.why.zh}")


def _cut(value: str) -> str:
    return value if len(value) <= 60 else value[:59] + "…"


def _hint(key: SearchKey, called: str) -> str:
    """What a pattern of this check is called: its fields, after the group they belong to."""
    group = called.partition(".")[0] if "." in called else ""
    return "_".join([*(["not"] if key.negated else []), *([group] if group else []), *key.fields])
