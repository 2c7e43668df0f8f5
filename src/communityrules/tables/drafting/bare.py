"""A sentence without what stands around what it asks: titles, purposes, politeness, and whether it is advice."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from communityrules.tables.drafting.phrases import pattern
from communityrules.tables.drafting.text import Sentence

#: The whole of it is advice.
_ADVICE: Final = re.compile(
    r"^(?:以上|本条|此条|此|该条?|本规定)?(?:均|都|仅)?(?:为|是|属于?)?(?:建议|倡议|建议性(?:规定|条款)?|"
    r"仅供参考|不作强制(?:要求)?|不强制)$"
    r"|^(?:this|these|it|the above)?(?: rule)?s?(?: is| are)?(?: only| just| merely)?(?: an?)? ?(?:advice|"
    r"suggestions?|recommendations?|advisory|guidelines?|recommended|advised|not mandatory|voluntary)(?: "
    r"only)?$"
)
#: What it is for, before what is asked.
_PURPOSE: Final = re.compile(
    r"(?:为了|为(?=保|维|避|防|不|确|方便|营|减|尊|更|便|让|使|提|规范|加强|创|构|共同|大家))[^,;。0-9]{2,30},\s*"
    r"|(?:(?:in order |so as )?to (?:keep|avoid|protect|ensure|prevent|help|respect|maintain|save|spare|reduce|"
    r"preserve|safeguard|let|make sure)|so that|because|since|out of|for the sake of)\s[^,;.0-9]{2,80},\s*"
)
#: 凡…, at the beginning: whoever or whatever it is.
_WHOEVER: Final = re.compile(r"凡(?:是|属|有)?(?=[^,]{2})")
_POLITE: Final = re.compile(
    r"(?:,? ?please|,? ?thanks?(?: you)?|,?(?:谢谢|感谢)(?:大家|配合)?|[哈啦哦喔呢吧呀哟噢嘛~ ]+)$"
)
_ADVISED: Final = re.compile(
    r"[(\[](?:以上)?(?:仅|属|为|仅为|仅供|作为)?(?:建议|倡议|参考|非强制|不强制|推荐)(?:性)?(?:规定|要求|条款|事项)?[)\]]$"
    r"|,(?:此|本|以上|该)?(?:条|项)?(?:均)?(?:为|系|属|仅为|仅作|作为)建议$"
    r"|[(\[](?:as |only |just |this is )?(?:an? )?(?:advi[cs]ed?|advisory|recommend(?:ed|ation)|suggest(?:ed|ion)|"
    r"guidelines?|guidance|not mandatory|non-binding|voluntary)(?: only)?[)\]]$"
    r"|(?:,| -|:) ?(?:this|it|which|all this) is (?:only |just |merely )?(?:an? )?(?:advice|advisory|recommendation|"
    r"suggestion|guideline|recommended|advised)(?: only)?$"
)


_EXCEPTION: Final = re.compile(
    r"除外|例外|不受此限|不在此[列限]|^但|^except|^exceptions?|exempt|does not apply|do not apply|unless"
)
#: How words of politeness end, and marks of advice: most sentences end otherwise.
_POLITE_ENDS: Final = ("please", "thank", "thanks", "you", "谢谢", "感谢", "大家", "配合", *"哈啦哦喔呢吧呀哟噢嘛~ ")
_ADVISED_ENDS: Final = (
    ")", "]", "建议", "advice", "advisory", "recommendation", "suggestion", "guideline", "recommended", "advised",
    "only",
)  # fmt: skip


class Bare(NamedTuple):
    """What is left of a sentence, and what stood around it."""

    sentence: Sentence
    title: str
    #: Whether it is marked as advice behind it.
    advised: bool
    #: Whether it may be an exception to what was said before.
    excepts: bool
    #: Whether it says of everything that it is advice, and nothing else.
    is_advice: bool


@lru_cache(maxsize=8192)
def bare(sentence: Sentence) -> Bare:
    """A sentence without a title that names nobody and without words of politeness."""
    text, start, end, advised = sentence.even, 0, len(sentence.even), False
    if _ADVICE.match(text.strip("() ")):
        return Bare(sentence, "", advised=False, excepts=False, is_advice=True)
    label = pattern("common", "label").match(text)
    if label is not None and _LETTERS.search(text, label.end()):
        start = label.end()
    purpose = _PURPOSE.match(text, start)
    if purpose is not None and _LETTERS.search(text, purpose.end()):
        start = purpose.end()
    whoever = _WHOEVER.match(text, start)
    if whoever is not None:
        start = whoever.end()
    while True:
        polite = _POLITE.search(text, start, end) if text.endswith(_POLITE_ENDS, start, end) else None
        marked = _ADVISED.search(text, start, end) if text.endswith(_ADVISED_ENDS, start, end) else None
        shorter = marked or polite
        if shorter is None or shorter.start() == shorter.end() or not _LETTERS.search(text, start, shorter.start()):
            break
        advised = advised or marked is not None
        end = shorter.start()
    if (start, end) == (0, len(text)):
        return Bare(sentence, "", False, _EXCEPTION.search(text) is not None, is_advice=False)
    kept = text[start:end]
    left, right = len(kept) - len(kept.lstrip()), len(kept.rstrip())
    short = Sentence(sentence.words[start:end][left:right], kept[left:right])
    return Bare(short, text[:start], advised, _EXCEPTION.search(short.even) is not None, is_advice=False)


_LETTERS: Final = re.compile(r"[^\W_]{2}|[\u3400-\u9fff]")
