"""What is forbidden: categories that events can tell, and what only people can judge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from communityrules.diagnostics.message import Bilingual, Language
from communityrules.language import tree
from communityrules.tables import making
from communityrules.tables.drafting import said
from communityrules.tables.drafting.norms import Kind, Norm, Strength
from communityrules.tables.drafting.phrases import Held, Phrase, held_by, joined_phrase, names, pattern
from communityrules.tables.drafting.sentence import TAKEN, Marker, Reading
from communityrules.tables.drafting.wiring import DOUBTFUL, spread, wired

_LETTER: Final = re.compile(r"[^\W_]")
_LATIN: Final = re.compile("[a-z]")
_BRACKETS: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_OUTER: Final = re.compile(r"[、,/;]|(?<![a-z])(?:as well as|and|or|nor)(?![a-z])|以及|或者|还有|&")
_INNER: Final = re.compile(r"[及与和或]|并且")
_COUNTS_AS: Final = re.compile(
    r"(?P<items>.{2,160}?)(?:,)?(?:均|都|也|一律|统一|将|会|即|皆|行为|内容|信息|的|统统|通通|一概|全|全部|等|以上|按规定|者)*"
    r"(?:被?视(?:为|作|同)|看作|看成|当作|当成|判定为|认作|归入|列为|计为|一概算|=|属于|属(?=垃圾|违|滥|骚|不|恶)|算作?|被?认定为|即为|都是|均为|归为|定义为|"
    r"按)(?P<as>.{2,40})$"
    r"|(?P<items2>.{2,200}?),? (?:is|are|be|will be|all|both|each|shall be|also|,)* ?(?:counts?|considered|"
    r"treated|regarded|deemed|seen|"
    r"classed|classified|constitutes?|amounts? to|(?:falls?|comes?) under|makes? up|qualif(?:y|ies)|=)"
    r"(?: (?:as|to be))?(?P<as2> .{2,60})$"
    r"|(?:we |staff )?(?:treat|regard|consider|see|count) (?P<items3>.{2,200}?) as (?P<as3>.{2,60})$"
    r"|it (?:counts as|is(?: considered| seen as)?) (?P<as4>.{2,40}?) to (?P<items4>.{2,200})$"
    r"|(?P<items5>.{2,200}?) (?:is|are)(?: all)? (?P<as5>[a-z ]{3,40})$"
)
_MEANS: Final = re.compile(
    r"(?P<as>.{2,40}?)(?:主要)?(?:包括|是指|指的?是|指|包含|如下|有|含)(?:但不限于|"
    r"且不限于)?(?:有)?:?(?P<items>.{2,160})$"
    r"|(?P<as2>.{2,60}?) (?:includes?|means?|covers?|comprises?|is defined as|are defined as|refers? to)(?: "
    r"but (?:is|are) not limited to)?:?"
    r"(?P<items2> .{2,200})$"
    r"|(?:以下|下列)(?:行为|内容|信息|情况)?(?:均|都)?(?:属于|视为|属|算作?|为)(?P<as3>.{2,30}?):(?P<items3>.{2,160})$"
    r"|(?P<as4>[a-z ]{3,40}|[^,:]{2,16}):(?P<items4>.{2,200})$"
    r"|(?P<as5>[a-z /]{3,40}?) (?:are|is) (?P<items5>[a-z, -]{2,200})$"
)


def prohibitions(reading: Reading, listed: bool, language: Language) -> list[Norm]:
    """What a sentence forbids or advises against. `listed`: it stands under a heading that forbids what it lists."""
    _examples(reading)
    found = _counting(reading, language)
    if found:
        return found
    consent = reading.guarded("consent")
    if consent:
        reading.left = pattern("guards", "consent").sub(lambda match: " " * len(match[0]), reading.left, reading.held)
        found = _listed(reading, listed, language)
        return [_waiting(one) if one.kind == "message" and one.strength == "must_not" else one for one in found]
    return _listed(reading, listed, language)


_SUCH_AS: Final = re.compile(r",?\s*(?:如|例如|比如|譬如|诸如|such as|like|e\.g\.)(?P<items>[^。]+)$")


def _examples(reading: Reading) -> None:
    """Lets examples stand as items of the list before them, where all of them are known: 垃圾信息,如广告、辱骂等."""
    match = _SUCH_AS.search(reading.left) if _any_category().lines(reading.held) else None
    if match is None or match.start() == 0:
        return
    known, unknown = _sorted(_items(match["items"]))
    if known and not unknown:
        start, end = match.start(), match.start("items")
        reading.left = reading.left[:start] + "、" + " " * (end - start - 1) + reading.left[end:]


def _waiting(norm: Norm) -> Norm:
    norm.waits = True
    norm.assumed = (*norm.assumed, said.HELD)
    return norm


def _listed(reading: Reading, listed: bool, language: Language) -> list[Norm]:
    markers = reading.markers()
    forbids = [one for one in markers if one.strength in ("must_not", "advise_not")]
    if forbids:
        return _forbidden(reading, markers, language)
    if listed and not markers:
        items = _items(reading.left)
        known, unknown = _sorted(items)
        if items and len(reading.left) <= 60:
            return _norms(reading, known, bool(unknown), "must_not", reading.words, (said.LISTED,), language)
    return []


_DENIED: Final = re.compile(
    r"不(?:再)?(?:属|视|算|被|构成|是)|并非|n't"
    r"|(?<![a-z])(?:not|never|neither)(?![a-z])(?! (?:allowed|permitted|tolerated|acceptable))"
)


def _counting(reading: Reading, language: Language) -> list[Norm]:
    """广告、刷屏均视为垃圾信息; spam means adverts and insults."""
    if not _any_category().lines(reading.held):
        return []
    if reading.guarded("except", "if", "example") or _DENIED.search(reading.left):
        return []
    for looked in (_COUNTS_AS, _MEANS):
        match = looked.match(reading.left)
        if match is None:
            continue
        groups = match.groupdict()
        items = next(text for name, text in groups.items() if name.startswith("items") and text)
        called = next(text for name, text in groups.items() if name.startswith("as") and text)
        if not _is_bad(called):
            continue
        known, unknown = _sorted(_items(items))
        if not known:
            continue
        reading.take(0, len(reading.left))
        return _norms(reading, known, unknown, "must_not", reading.words, (said.FORBIDDEN,), language)
    return []


def _is_bad(called: str) -> bool:
    """Whether everything in a name for something is bad: 垃圾信息与滥用行为."""
    named = re.sub(
        r"[,。:]|予以|以下|下列|处理$|对待$|论处$|(?<![a-z])(?:the )?following(?: things)?(?![a-z])"
        r"|(?<![a-z])(?:counts? as|are (?:considered|regarded as|seen as)|is|are)(?![a-z])",
        " ",
        pattern("modality", "must_not").sub(",", called),
    )
    parts = [one for item in _items(named) for one in _INNER.split(item) if _LETTER.search(one)]
    bad = pattern("categories", "bad")
    return bool(parts) and all(bad.fullmatch(_bare(one)) or _category(one) is not None for one in parts)


def _forbidden(reading: Reading, markers: Sequence[Marker], language: Language) -> list[Norm]:
    found: list[Norm] = []
    done = 0
    for index, marker in enumerate(markers):
        if marker.strength not in ("must_not", "advise_not"):
            done = marker.end
            continue
        following = markers[index + 1].start if index + 1 < len(markers) else len(reading.left)
        after = _until_taken(reading.left[marker.end : following])
        after = _BRACKETS.sub(lambda match: " " * len(match[0]), after)
        items = _items(after)
        start, end = marker.start, marker.end + len(after)
        if not items:
            begins = max(
                [done, *(place + 1 for place, char in enumerate(reading.left[: marker.start]) if char in TAKEN)]
            )
            # Privacy: leaking it is not allowed. What stands before the colon is a title.
            begins += reading.left[begins : marker.start].rfind(":") + 1
            items = _items(reading.left[begins : marker.start])
            start = begins
        done = end
        if not items:
            continue
        known, unknown, cut = _leading(after, items, marker.start == start)
        if cut is not None:
            end = marker.end + cut
        whole = None
        if not known and start == marker.start:
            whole = _category(_subject_of(reading, marker) + after.strip(" ,;"))
            if whole is not None:
                # 个人信息一律不得外泄: what it is stands before, what is done to it behind.
                known, unknown, end = whole, False, marker.end + len(after)
        words = reading.said(start, end)
        narrowing = _narrowing(reading, marker) if marker.start == start and whole is None else ""
        if narrowing:
            reading.take(start, end)
            # 广告区以外禁止…, 三天内不得…: what stands before makes it narrower.
            doubtful = reading.guarded("if", "example") or re.search(r"[0-9一二两三四五六七八九十]", narrowing)
            kind: Kind = "todo" if doubtful else "found"
            found.append(Norm(kind, reading.words, marker.strength, why=said.NARROWER))
            continue
        found += _norms(reading, known, unknown, marker.strength, words, (), language)
        reading.take(start, end)
    return found


def _subject_of(reading: Reading, marker: Marker) -> str:
    """What stands before a word of prohibition in its stretch, without words of strength and of all."""
    first = reading.segment(marker.start)[0]
    before = re.split(r"[、:(\[]", reading.left[first : marker.start].rpartition(TAKEN)[2])[-1]
    for other in reading.markers():
        if first <= other.start < marker.start and other.strength != "must":
            before = reading.left[other.end : marker.start]
    return _bare(re.sub(r"一律|均|都|绝对?|切|也|皆", "", before.replace(TAKEN, "")))


def _narrowing(reading: Reading, marker: Marker) -> str:
    """What stands before a word of prohibition in its stretch and is no name for everybody or for what is written."""
    first, _ = reading.segment(marker.start)
    before = reading.left[first : marker.start].rpartition(TAKEN)[2]
    for other in reading.markers():
        if first <= other.start < marker.start:
            before = reading.left[other.end : marker.start]
    before = re.split(r"[、:(\[]", before)[-1]
    rest = _BRACKETS.sub(" ", before)
    rest = pattern("fillers", "before").sub(" ", pattern("guards", "consent").sub(" ", rest))
    return rest if _LETTER.search(_bare(rest)) and _LETTER.search(reading.plain(rest)) else ""


def _until_taken(text: str) -> str:
    place = text.find(TAKEN)
    return text if place < 0 else text[:place]


def _leading(after: str, items: list[str], is_after: bool) -> tuple[tuple[str, ...], bool, int | None]:
    """The categories among the items, whether some are of none, and where the list ends: 不得刷屏,影响他人 is no list
    beyond its comma, 不得刷屏,辱骂 is."""
    if not is_after:
        return *_sorted(items), None
    known: tuple[str, ...] = ()
    unknown, at = False, 0
    for index, part in enumerate(re.split(r"([,;])", after)):
        if index % 2:
            continue
        here, other = _sorted(_items(part))
        english = re.search(r"[a-z]{3}", part) is not None
        if index and not english and (other or not here):
            break
        known = (*known, *here)
        unknown = unknown or other
        at = after.find(part, at) + len(part)
    return known, unknown, at


def _items(text: str) -> list[str]:
    """The items of a list, without those that hold nothing but words that narrow nothing."""
    text = _BRACKETS.sub(" ", text)
    return [one.strip() for one in _OUTER.split(text) if _LETTER.search(_bare(one)) or _category(one) is not None]


def _sorted(items: list[str]) -> tuple[tuple[str, ...], bool]:
    """The categories of the items that are in one, and whether some are in none."""
    known: list[str] = []
    unknown = False
    for item in items:
        found = categories_of(item)
        if found is not None:
            known += found
            continue
        unknown = True
        for part in _INNER.split(item):
            known += _category(part) or ()
    return tuple(dict.fromkeys(known)), unknown


@lru_cache(maxsize=4096)
def categories_of(item: str) -> tuple[str, ...] | None:
    """The categories that an item of a list names, all of it; None when some of it is in no category."""
    found = _category(item)
    if found is not None:
        return found
    parts = [one for one in _INNER.split(item) if _LETTER.search(one)]
    if len(parts) < 2:
        return None
    known: list[str] = []
    for part in parts:
        found = _category(part)
        if found is None:
            return None
        known += found
    return tuple(known)


@lru_cache(maxsize=4096)
def _category(item: str) -> tuple[str, ...] | None:
    item = " ".join(item.replace(TAKEN, " ").split())
    for form in dict.fromkeys((item, _bare(item))):
        found = _tokens(form)
        if found:
            return found
    return None


def _tokens(text: str) -> tuple[str, ...] | None:
    """The text as a row of names of categories without a gap; None when it is none."""
    if not text or len(text) > 60:
        return None
    known = _naming(held_by(text) & _any_category().mask)
    if not known:
        return None
    best: list[tuple[str, ...] | None] = [None] * (len(text) + 1)
    best[0] = ()
    for place in range(len(text)):
        so_far = best[place]
        if so_far is None:
            continue
        if text[place] == " ":
            best[place + 1] = so_far
            continue
        for name, lines in known:
            beginning = [line for line in lines if line.match(text, place)]
            if not beginning:
                continue
            for end in range(place + 1, len(text) + 1):
                if best[end] is None and any(line.fullmatch(text, place, end) for line in beginning):
                    best[end] = (*so_far, name)
    return best[len(text)]


@cache
def _any_category() -> Phrase:
    return joined_phrase("categories", *(name for name in names("categories") if name != "bad"))


@lru_cache(maxsize=4096)
def _naming(held: Held) -> list[tuple[str, tuple[re.Pattern[str], ...]]]:
    """The categories of which a text that holds this much may have a name."""
    return [(name, lines) for name, looked in _known() if (lines := looked.lines(held))]


@cache
def _known() -> tuple[tuple[str, Phrase], ...]:
    return tuple((name, pattern("categories", name)) for name in names("categories") if name != "bad")


@lru_cache(maxsize=4096)
def _bare(item: str) -> str:
    """An item without words that narrow nothing."""
    before, held = "", held_by(item)
    while item != before:
        before = item
        item = " ".join(pattern("fillers", "words").sub(" ", item, held).split())
    # Chinese is written without blanks: what stood around a filler stands together.
    return item if _LATIN.search(item) else item.replace(" ", "").strip('"。.!、:')


_ENGLISH_SUBJECT: Final = re.compile(
    r"(?:anyone who |whoever |members who |those who |people who |for |users who )?(?P<what>[a-z ,-]+?)"
    r"(?: (?:will|is|are|gets?|get|brings?|means?|leads to|results in|earns?|cost|costs|:))*$"
)


_OPENING: Final = re.compile(r"(?:如|若|凡|对于?|一旦|有|发现|在群内|一经(?:发现)?)")
_ENDING: Final = re.compile(r"(?:者|的|行为|的人|的成员|的,|,|:|将|会|一律|,)+$")
_SUBJECTS: Final = re.compile(r"[、,/]|(?<![a-z])(?:and|or)(?![a-z])|或者?|和|及|以及")


def subjects(before: str) -> tuple[str, ...]:
    """The categories that the words before a consequence name, and nothing else: 发布广告者, `advertising leads to`."""
    subject = _OPENING.sub("", before.strip(" ,:"))
    subject = _ENDING.sub("", subject)
    english = _ENGLISH_SUBJECT.match(subject.strip())
    known: list[str] = []
    for item in _SUBJECTS.split(english["what"] if english else subject):
        if not item.strip():
            continue
        found = categories_of(item.strip())
        if found is None:
            return ()
        known += found
    return tuple(dict.fromkeys(known))


def of_categories(categories: tuple[str, ...], words: str, language: Language) -> Norm:
    """A norm on messages of any of these categories."""
    condition, needs, assumed = _wired(categories, language)
    return Norm(
        "message", words, "must_not", ("message", "edit"), condition, needs=needs, assumed=assumed,
        categories=spread(categories), waits=bool(DOUBTFUL.intersection(categories)),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _wired(
    categories: tuple[str, ...], language: Language
) -> tuple[tree.Expression, tuple[tree.Declaration, ...], tuple[Bilingual, ...]]:
    """What `wired` says of several categories together."""
    each = [wired(one, language) for one in spread(categories)]
    return (
        making.either(*dict.fromkeys(condition for condition, _, _ in each)),
        tuple(one for _, needs, _ in each for one in needs),
        tuple(one for _, _, assumed in each for one in assumed),
    )


def _norms(
    reading: Reading, known: tuple[str, ...], unknown: bool, strength: Strength, words: str,
    assumed: tuple[Bilingual, ...], language: Language,
) -> list[Norm]:  # fmt: skip
    """The norms of a list: what events can tell, and the rest for people. With an exception that was not
    understood, all of it is for people; with a condition, left to do."""
    if reading.guarded("if", "example"):
        return [Norm("todo", reading.words, strength, why=said.NARROWER)]
    if reading.guarded("except"):
        return [Norm("found", reading.words, strength, assumed=assumed)]
    if not known:
        return [Norm("found", words, strength, assumed=assumed)]
    norm = of_categories(known, words, language)
    norm.strength = strength
    norm.assumed = (*norm.assumed, *assumed)
    return [norm, *([Norm("found", words, strength, assumed=assumed)] if unknown else [])]
