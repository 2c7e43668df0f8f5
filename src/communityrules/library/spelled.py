"""What single characters read as, for the kernel, which reads texts of which each character reads as one or as none.

A text is left to `disguise.reading` and `fold` as soon as it holds anything else: signs that may stand for letters,
emoji that may stand for characters, characters that read as several or join others.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from communityrules.kernel import native
from communityrules.library.disguise.letters import EMOJI_SKELETON, SIGN_FORMS, SIGN_SKELETON, SIGNS, SKELETON
from communityrules.library.disguise.reading import is_form, is_sign, is_usual
from communityrules.library.disguise.undoing import KIND
from communityrules.library.fold import char_folded, joining

# The numbers are the kernel's (`_sifting_letters.h`). Others are the characters that are read.
ITSELF: Final = 0xFFFA
SIGN: Final = 0xFFFB
FORM: Final = 0xFFFC
NOTHING: Final = 0xFFFD
LEAVE: Final = 0xFFFE
#: Added to that of a character that says nothing of disguise.
USUAL: Final = 0x10000
#: And by how much its kind is moved, from 0 for what nobody sees.
KIND_SHIFT: Final = 17

#: Signs that are usual, and the forms of signs: what letter each may stand for.
LETTERS_OF_SIGNS: Final = {sign: SIGN_SKELETON[sign] for sign in (*SIGNS, *SIGN_FORMS) if len(SIGN_SKELETON[sign]) == 1}


def as_skeleton(char: str) -> int:
    """What a character stands for once disguise is left out of account."""
    usual = (USUAL if is_usual(char) else 0) | (KIND[char] + 1) << KIND_SHIFT
    read = SKELETON[char]
    if char.isascii() and is_sign(char):
        return SIGN | usual | USUAL
    if joining(char) or (is_sign(char) if char <= "\uffff" else _is_otherwise(char)):
        return LEAVE
    if is_form(char):
        return LEAVE if read else FORM | usual
    return _code(char, read) | usual


def _is_otherwise(char: str) -> bool:
    """Whether a character beyond the first plane may be a letter or a Chinese character."""
    return not SKELETON[char] == SIGN_SKELETON[char] == EMOJI_SKELETON[char]


def as_folded(char: str) -> int:
    """What a character folds to."""
    return LEAVE if joining(char) else _code(char, char_folded(char))


def _code(char: str, read: str) -> int:
    if "\ud800" <= char <= "\udfff" or len(read) > 1 or joining(read):
        return LEAVE
    if not read:
        return NOTHING
    if read == char > "\uffff":
        return ITSELF
    return ord(read) if 0 < ord(read) < ITSELF else LEAVE


# Both only remember what pure functions give, so they change no result.


@lru_cache(maxsize=1)
def skeletons() -> Any | None:
    """Reads texts without disguise in the kernel; None where there is none."""
    kernel = native("sifting")
    return None if kernel is None else kernel.Letters(as_skeleton)


@lru_cache(maxsize=1)
def foldings() -> Any | None:
    """Folds texts in the kernel, each character by itself; None where there is none."""
    kernel = native("sifting")
    return None if kernel is None else kernel.Letters(as_folded)
