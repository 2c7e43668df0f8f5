"""The keys of AutoModerator's search checks: `~title+body#2 (includes, regex)`."""

from __future__ import annotations

import re
from typing import Final, Literal

from communityrules.frozen import dataclass

#: How the words are looked for.
Method = Literal["includes-word", "includes", "starts-with", "ends-with", "full-exact", "full-text", "domain"]

METHODS: Final[dict[str, Method]] = {
    "includes-word": "includes-word", "includes": "includes", "starts-with": "starts-with", "ends-with": "ends-with",
    "full-exact": "full-exact", "full-text": "full-text",
}  # fmt: skip
_OTHERS: Final = ("regex", "case-sensitive")
_KEY: Final = re.compile(r"(~?)\s*([^\s(~][^(]*?)\s*(?:\((.*)\))?\s*\Z", re.DOTALL)
#: What single fields are looked through with when the key does not say; all others with `includes-word`.
_DEFAULTS: Final[dict[str, Method]] = {
    "domain": "domain", "id": "full-exact", "url": "includes", "flair_text": "full-exact",
    "flair_css_class": "full-exact", "flair_template_id": "full-exact", "media_author": "full-exact",
    "media_author_url": "includes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SearchKey:
    """What a key asks to look through, and how."""

    negated: bool
    #: In small letters, each once, as written.
    fields: tuple[str, ...]
    method: Method
    regex: bool
    case_sensitive: bool
    #: Modifiers that AutoModerator does not know.
    unknown: tuple[str, ...] = ()


def read_key(key: str) -> SearchKey | None:
    """The parts of a key; None when it has not the form of a search check."""
    found = _KEY.match(key.strip())
    if found is None:
        return None
    negated, named, given = found.groups()
    fields = tuple(dict.fromkeys(one.strip() for one in named.lower().partition("#")[0].split("+")))
    if not all(re.fullmatch(r"\w+", one) for one in fields):
        return None
    modifiers = [one.strip().lower() for one in (given or "").split(",") if one.strip()]
    method = next((METHODS[one] for one in modifiers if one in METHODS), None)
    if method is None:
        method = _DEFAULTS.get(fields[0], "includes-word") if len(fields) == 1 else "includes-word"
    return SearchKey(
        bool(negated),
        fields,
        method,
        "regex" in modifiers,
        "case-sensitive" in modifiers,
        tuple(one for one in modifiers if one not in METHODS and one not in _OTHERS),
    )
