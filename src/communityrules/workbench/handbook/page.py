"""A handbook as one web page that needs nothing else: no script, no font, no picture, nothing from anywhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Final
from urllib.parse import quote

from communityrules.diagnostics.message import Language
from communityrules.workbench.handbook.comparing import Comparing
from communityrules.workbench.handbook.markup import Markup, element, joined
from communityrules.workbench.handbook.parts import Change, Changes, Difference, Handbook, Line, PenaltyText, RuleText
from communityrules.workbench.handbook.wording import WORDS

#: Nothing in the page may run, load or send anything, whatever came to stand in it.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_TAGS: Final = {"en": "en", "zh": "zh-Hans"}
#: Sections in their order.
_SECTIONS: Final = ("rules", "texts", "penalties", "duties", "powers", "parameters", "terms", "history")


def write_page(handbook: Handbook, others: Mapping[Language, str]) -> bytes:
    """The page in UTF-8. `others`: names of the files that hold it in other languages."""
    return _Page(handbook).whole(others).encode("utf-8")


class _Page:
    def __init__(self, handbook: Handbook) -> None:
        self.book = handbook
        self._comparing = Comparing()
        self._penalty_anchors = {one.name: one.anchor for one in handbook.penalties}

    def say(self, what: str, **values: str) -> str:
        return WORDS[what].fill(self.book.language, values)

    def whole(self, others: Mapping[Language, str]) -> str:
        book = self.book
        made = {name: getattr(self, f"_{name}")() for name in _SECTIONS}
        sections = {name: inside for name, inside in made.items() if inside}
        head = element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="generator", content="communityrules"),
            element("title", book.name),
            element("style", Markup(resources.files(__package__).joinpath("page.css").read_text("utf-8"))),
        )
        body = element(
            "body",
            element("header", *self._head(), self._contents(list(sections), others)),
            element("main", *(self._section(name, inside) for name, inside in sections.items())),
            element("footer", self.say("digest"), Markup(" "), element("code", book.digest)),
        )
        return f"<!DOCTYPE html>\n{element('html', head, body, lang=_TAGS[book.language])}\n"

    def _head(self) -> list[Markup]:
        book = self.book
        facts = [element("strong", self.say("as_of", day=book.day.isoformat()))] if book.day else []
        facts += [Markup(joined([self.say("version", version=book.version)]))] if book.version else []
        facts += [joined([self.say("published", day=book.published.isoformat())])] if book.published else []
        facts.append(self._review())
        if book.day is not None:
            facts.append(joined([self.say("zone", zone=book.timezone)]))
        facts.append(joined([element("code", book.digest[:12], title=book.digest)]))
        return [
            element("h1", book.name),
            *([element("p", book.purpose, class_="lead")] if book.purpose else []),
            element("ul", *(element("li", one) for one in facts), class_="facts"),
        ]

    def _review(self) -> Markup:
        if self.book.review is None:
            return joined([self.say("no_review")])
        day, rules = self.book.review
        return joined([self.say("review", day=day.isoformat(), rules=self._listed(rules))])

    def _contents(self, sections: Sequence[str], others: Mapping[Language, str]) -> Markup:
        links = [element("a", self.say(one), href=f"#{one}") for one in sections]
        tongues = [
            element(
                "a",
                self.say("other"),
                href=quote(file),
                hreflang=_TAGS[language],
                lang=_TAGS[language],
                class_="tongue",
            )
            for language, file in others.items()
        ]
        return element("nav", *links, *tongues, aria_label=self.say("contents"))

    def _section(self, name: str, inside: Markup) -> Markup:
        return Markup(f"\n{element('section', element('h2', self.say(name)), inside, id=name)}")

    def _listed(self, items: Iterable[str]) -> str:
        return ("、" if self.book.language == "zh" else ", ").join(items)

    # --- rules -------------------------------------------------------------------------------------------------

    def _rules(self) -> Markup:
        if not self.book.rules:
            return element("p", self.say("no_rules"))
        rows = []
        everywhere = {self.say("everywhere")} == {one.places for one in self.book.rules}
        for one in self.book.rules:
            link = element("a", one.id, href=_to(one.anchor))
            marks = joined([element("span", mark, class_="mark") for mark in one.marks])
            places = "" if everywhere else one.places
            rows.append([link, one.name, one.content, one.applies_to, places, self._since(one), marks])
        heads = ("number", "name", "says", "applies_to", "where", "since", "status")
        return self._table(heads, rows, {"number": "number", "name": "title", "since": "short", "status": "status"})

    def _since(self, one: RuleText) -> str:
        return one.since.isoformat() if one.since is not None else self.say("always")

    def _texts(self) -> Markup:
        return joined([self._rule(one) for one in self.book.rules])

    def _rule(self, one: RuleText) -> Markup:
        title = element(
            "h3",
            element("a", element("span", one.id, class_="id"), one.name, href=_to(one.anchor)),
        )
        marks = [element("span", one.modality, class_="kind")] if one.modality else []
        marks += [element("span", mark, class_="mark") for mark in one.marks]
        lines = [Line(self.say("applies_to"), one.applies_to), Line(self.say("where"), one.places)]
        lines.append(Line(self.say("since"), self._since(one)))
        if one.text_since is not None and one.text_since != one.since:
            lines.append(Line(self.say("text_since"), one.text_since.isoformat()))
        told = self.say("told")
        items = [*self._lines(lines), *self._lines(one.consequences, told)]
        links = [element("a", name, href=_to(self._penalty_anchors[name])) for name in one.penalties]
        if links:
            items += [element("dt", self.say("penalty")), element("dd", joined(links, self._listed(("", ""))))]
        if one.review_by is not None:
            items += self._lines([Line(self.say("review_by"), one.review_by.isoformat())])
        more = []
        if one.particulars and not one.described:
            listed = element("dl", *self._lines(one.particulars))
            more.append(element("details", element("summary", self.say("particulars")), listed))
        words = element("p", one.content, class_="words made" if one.described else "words")
        shown = [element("p", *marks, class_="marks")] if marks else []
        return Markup(f"\n{element('article', title, *shown, words, element('dl', *items), *more, id=one.anchor)}")

    def _lines(self, lines: Iterable[Line], told: str | None = None) -> list[Markup]:
        return [
            part
            for one in lines
            for part in (
                element("dt", one.label), element("dd", one.text, class_="said" if one.label == told else None),
            )
        ]  # fmt: skip

    # --- beside the rules --------------------------------------------------------------------------------------

    def _penalties(self) -> Markup:
        return joined([self._penalty(one) for one in self.book.penalties])

    def _penalty(self, one: PenaltyText) -> Markup:
        over = [element("p", one.over, class_="remark")] if one.over else []
        notes = [element("ul", *(element("li", note) for note in one.notes), class_="plain")] if one.notes else []
        steps = element("dl", *self._lines(one.steps))
        return element("article", element("h3", one.name), *over, steps, *notes, id=one.anchor)

    def _duties(self) -> Markup:
        if not self.book.duties:
            return Markup()
        rows = [
            [
                element("a", one.rule, href=_to(one.anchor)),
                one.who,
                one.what,
                one.when,
                "\n".join(one.more),
                one.if_late,
            ]
            for one in self.book.duties
        ]
        return self._table(("rule", "who", "what", "when", "more", "if_late"), rows, {"rule": "number", "who": "title"})

    def _powers(self) -> Markup:
        listed = element("ul", *(element("li", one) for one in self.book.powers), class_="plain")
        return listed if self.book.powers else Markup()

    def _parameters(self) -> Markup:
        rows = []
        for one in self.book.parameters:
            dated = [
                self.say("value_from", value=value, day=day.isoformat()) if day is not None else value
                for day, value in one.all
            ]
            several = len(one.all) > 1 or one.all[:1] != ((None, one.now),)
            rows.append([one.name, one.now or self.say("not_yet"), "\n".join(dated) if several else ""])
        return self._table(("parameter", "value", "by_date"), rows, {"parameter": "title"}) if rows else Markup()

    def _terms(self) -> Markup:
        rows = [[one.name, one.kind, one.meaning] for one in self.book.terms]
        return self._table(("name", "kind", "meaning"), rows, {"name": "title", "kind": "short"}) if rows else Markup()

    def _table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], classes: Mapping[str, str]) -> Markup:
        """A table whose columns without any content are left out; on a narrow screen each row is a block."""
        kept = [place for place in range(len(heads)) if place == 0 or any(row[place] for row in rows)]
        labels = [self.say(heads[place]) for place in kept]
        head = element("thead", element("tr", *(element("th", one, scope="col") for one in labels)))
        body = [
            element("tr", *(
                element("td", _cell(row[place]), data_label=label, class_=classes.get(heads[place]))
                for place, label in zip(kept, labels, strict=True)
            ))
            for row in rows
        ]  # fmt: skip
        return element("div", element("table", head, element("tbody", joined(body, "\n"))), class_="framed")

    # --- history -----------------------------------------------------------------------------------------------

    def _history(self) -> Markup:
        return joined([self._day(one) for one in self.book.history])

    def _day(self, one: Changes) -> Markup:
        coming = [element("br"), element("span", self.say("coming"), class_="mark")] if one.coming else []
        title = element("h3", element("time", one.day.isoformat(), datetime=one.day.isoformat()), *coming)
        changes = element("div", *map(self._change, one.changes))
        return Markup(f"\n{element('section', title, changes, class_='day coming' if one.coming else 'day')}")

    def _change(self, one: Change) -> Markup:
        rule: list[str] = []
        if one.rule:
            label = f"{self.say('rule')} {one.rule}"
            rule = [element("a", label, href=_to(one.anchor)) if one.anchor else label, Markup(" · ")]
        title = element("p", *rule, element("span", one.what, class_="what"))
        notes = [element("p", note, class_="remark") for note in one.notes]
        return element("div", title, *notes, *map(self._difference, one.differences), class_="change")

    def _difference(self, one: Difference) -> Markup:
        label = element("span", one.label, class_="label")
        if one.before is None or one.after is None:
            # Nothing stands beside what is new or gone.
            known = one.after if one.before is None else one.before
            gone = "after" if one.before is None else "before"
            return element("div", label, element("div", known or "", class_=f"side {gone} alone"), class_="sides")
        before, after = self._comparing.sides(one.before, one.after)
        sides = [
            element("div", element("span", self.say(name), class_="tag"), side, class_=f"side {name}")
            for name, side in (("before", before), ("after", after))
        ]
        return element("div", label, *sides, class_="sides")


def _cell(said: str) -> Markup:
    """What stands in a cell, as one part of it: beside its label on a narrow screen."""
    return element("div", said) if said else Markup()


def _to(anchor: str) -> str:
    return f"#{quote(anchor)}"
