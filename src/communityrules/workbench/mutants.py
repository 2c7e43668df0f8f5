"""Mutants: a rulebook changed a little in one place. One that passes all tests shows what the tests do not watch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from communityrules.checker import checked
from communityrules.checker.again import Again
from communityrules.compiler.evaluator import Evaluator
from communityrules.diagnostics.source import Source
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.language.keywords import Language
from communityrules.language.printing.declarations import DeclarationPrinter
from communityrules.language.printing.words import Words, own_names
from communityrules.library.declare import Library
from communityrules.library.names import LibraryNames
from communityrules.workbench.changing import Change, changes
from communityrules.workbench.testing import run_test

#: How many changes are tried of one rulebook when nothing else is said, and how many declarations are checked for them
#: in all: each change costs a check of the whole. A few seconds.
_CHANGES: Final = 2_000
_DECLARATIONS: Final = 100_000
_LEAST: Final = 50


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change, and where it stands."""

    change: Change
    #: The rule that it changes; None in other declarations.
    rule: str | None
    #: Which of the rulebook's declarations it changes.
    index: int

    @property
    def file(self) -> str:
        """The name of the file, as given."""
        return self.change.span.source.name

    @property
    def line(self) -> int:
        """From 1."""
        return self.change.span.line


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of the mutants of one rulebook."""

    #: Those whose rules differ and that `check` accepts: no other could be noticed, or made by mistake.
    tried: int
    #: Those that pass every test, in the order of the text.
    survivors: tuple[Mutant, ...]
    #: Changes that were not looked at because there were more than the budget.
    left_out: int

    @property
    def killed(self) -> int:
        return self.tried - len(self.survivors)


class Mutants:
    """The mutants of one rulebook that `check` accepts."""

    def __init__(
        self,
        source: Source,
        library: Library,
        read: Callable[[str], Source] | None = None,
        budget: int | None = None,
    ) -> None:
        """`read` opens the files that it names, as for `check`; `budget` is how many changes are tried at most: 2,000
        when it is not given, and fewer of a large rulebook. ValueError when the rulebook has errors."""
        self._again = Again(source, library, read)
        self._library = library
        original = self._again.check(self._again.declarations)
        if original is None:
            raise ValueError(f"{source.name} has errors")
        self._original: Final = original
        made = list(self._made())
        budget = budget or max(_LEAST, min(_CHANGES, _DECLARATIONS // len(self._again.declarations)))
        #: Those that are tried: all, or so many of them at equal distances.
        self.chosen: Final = [made[at * len(made) // budget] for at in range(budget)] if len(made) > budget else made
        self._left_out = len(made) - len(self.chosen)

    def _made(self) -> Iterator[Mutant]:
        for index, declaration in enumerate(self._again.declarations):
            for change in changes(declaration):
                yield Mutant(change, _rule(declaration, change), index)

    def _changed(self, mutant: Mutant) -> checked.Rulebook | None:
        declarations = list(self._again.declarations)
        changed = mutant.change.declaration
        declarations[mutant.index : mutant.index + 1] = [] if changed is None else [changed]
        return self._again.check(declarations)

    def run(self, through: Callable[[Iterable[Mutant]], Iterable[Mutant]] = iter) -> Tried:
        """Run every test against every mutant until one fails. `through` hands on the mutants, to show how far it is.

        The answer depends on nothing but the rulebook and the budget.
        """
        # The test that noticed the last change often notices the next one: they are neighbours.
        tests = list(self._original.tests)
        seen = {self._original.digest}
        survivors: list[Mutant] = []
        for mutant in through(self.chosen):
            changed = self._changed(mutant)
            if changed is not None and changed.digest not in seen:
                seen.add(changed.digest)
                killer = self._killer(changed, tests)
                if killer is None:
                    survivors.append(mutant)
                else:
                    tests.remove(killer)
                    tests.insert(0, killer)
        return Tried(len(seen) - 1, tuple(survivors), self._left_out)

    def _killer(self, rulebook: checked.Rulebook, tests: list[tree.Test]) -> tree.Test | None:
        evaluator = Evaluator(rulebook, self._library)
        return next((test for test in tests if not run_test(test, evaluator, until_failure=True).passed), None)

    def words(self, mutant: Mutant, language: Language | None = None) -> tuple[str, str | None]:
        """The line that was changed, in one spelling or the file's own: before, and after, or None when it is away."""
        source = mutant.change.span.source
        declarations = tuple(one for one in self._again.declarations if one.span.source is source)
        spelling = language or _spelling(declarations)
        file = tree.File(declarations, (), mutant.change.span, spelling)
        names = {name for one in self._again.declarations for name in own_names(one)}
        printer = DeclarationPrinter(Words(file, LibraryNames(self._library), spelling, names))
        before = printer.line(mutant.change.before)
        after = printer.line(mutant.change.after) if mutant.change.after is not None else None
        return before, after


def _rule(declaration: tree.Declaration, change: Change) -> str | None:
    match declaration:
        case tree.Rule():
            return declaration.id.text
        case tree.Amend() | tree.Repeal():
            return declaration.rule.text
        case tree.Table():
            rows = (row for row in declaration.rows if row.span.start <= change.span.start < row.span.end)
            return next((row.id.text for row in rows), None)
        case _:
            return None


def _spelling(declarations: tuple[tree.Declaration, ...]) -> Language:
    """The one that a file's own words have."""
    chinese = sum(one.span.text[:1] > "\u2e80" for one in declarations)
    return "zh" if 2 * chinese > len(declarations) else "en"
