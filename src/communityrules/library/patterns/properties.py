"""Names of properties of characters (`\\p{…}`), in the spellings of several engines."""

from __future__ import annotations

from typing import Final

_CATEGORIES: Final = {
    "letter": "L", "alpha": "L", "alphabetic": "L", "uppercaseletter": "Lu", "uppercase": "Lu", "upper": "Lu",
    "lowercaseletter": "Ll", "lowercase": "Ll", "lower": "Ll", "titlecaseletter": "Lt", "modifierletter": "Lm",
    "otherletter": "Lo", "mark": "M", "combiningmark": "M", "number": "N", "decimalnumber": "Nd", "digit": "Nd",
    "letternumber": "Nl", "othernumber": "No", "punctuation": "P", "punct": "P", "symbol": "S", "mathsymbol": "Sm",
    "currencysymbol": "Sc", "modifiersymbol": "Sk", "othersymbol": "So", "separator": "Z", "spaceseparator": "Zs",
    "other": "C", "control": "Cc", "cntrl": "Cc", "format": "Cf", "ideographic": "Han", "unifiedideograph": "Han",
}  # fmt: skip
_PREFIXES: Final = (
    "generalcategory=", "gc=", "scriptextensions=", "scx=", "script=", "sc=", "is",
)  # fmt: skip

#: Pictures, by blocks: the engine has no property for them.
EMOJI: Final = (
    (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139), (0x2194, 0x2199), (0x21A9, 0x21AA),
    (0x231A, 0x231B), (0x2328, 0x2328), (0x23CF, 0x23CF), (0x23E9, 0x23F3), (0x23F8, 0x23FA), (0x24C2, 0x24C2),
    (0x25AA, 0x25AB), (0x25B6, 0x25B6), (0x25C0, 0x25C0), (0x25FB, 0x25FE), (0x2600, 0x27BF), (0x2934, 0x2935),
    (0x2B05, 0x2B07), (0x2B1B, 0x2B1C), (0x2B50, 0x2B50), (0x2B55, 0x2B55), (0x3030, 0x3030), (0x303D, 0x303D),
    (0x3297, 0x3297), (0x3299, 0x3299), (0x1F000, 0x1FAFF),
)  # fmt: skip
#: Spaces that do not end a line.
BLANK: Final = (
    (0x9, 0x9), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x202F, 0x202F), (0x205F, 0x205F),
    (0x3000, 0x3000),
)  # fmt: skip
_EMOJI_NAMES: Final = frozenset({"emoji", "emojipresentation", "extendedpictographic", "rgiemoji"})


def plain_property(text: str) -> str:
    """`\\p{Script=Han}`, `\\p{IsHan}` and `\\p{han}` as `\\p{Han}`; what is not known stays as it is."""
    if text[3:-1].lstrip("^").lower() == "blank":
        return f"{text[:-6]}Blank}}"
    if len(text) < 5 or text[2] != "{" or text[-1] != "}":
        return text
    name, negated = text[3:-1], ""
    if name.startswith("^"):
        name, negated = name[1:], "^"
    plain = name.lower().replace("_", "").replace(" ", "").replace("-", "")
    for prefix in _PREFIXES:
        if plain.startswith(prefix) and len(plain) > len(prefix):
            name, plain = name[-(len(plain) - len(prefix)) :] if "_" not in name else name, plain[len(prefix) :]
            name = name.rpartition("=")[2]
            break
    if plain in _EMOJI_NAMES:
        name = "Emoji"
    elif plain in _CATEGORIES:
        name = _CATEGORIES[plain]
    elif len(plain) > 2:
        name = "_".join(part.capitalize() for part in name.split("_"))
    return f"{text[:3]}{negated}{name}}}"


def blocks_of(text: str) -> str | None:
    """Of a plain property that the engine does not know: what goes inside a class for it."""
    ranges = {"Emoji": EMOJI, "Blank": BLANK}.get(text[3:-1].lstrip("^"))
    if ranges is None:
        return None
    if (text[1] == "p") == text[3:].startswith("^"):
        ends = [0, *(one for low, high in ranges for one in (low - 1, high + 1)), 0x10FFFF]
        ranges = tuple((low, high) for low, high in zip(ends[::2], ends[1::2], strict=True) if low <= high)
    return "".join(f"\\x{{{low:x}}}-\\x{{{high:x}}}" for low, high in ranges)
