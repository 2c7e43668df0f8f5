"""Writing generated functions: names, constants, shared values, and the line map.

Nothing that a rulebook's writer typed ever becomes source text: every name is made here and every value is a constant
of the namespace that the code runs in.
"""

from __future__ import annotations

import linecache
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from communityrules.checker import checked
from communityrules.compiler import runtime
from communityrules.compiler.runtime import UNSET
from communityrules.library.declare import Library
from communityrules.library.patterns import Required, required_by
from communityrules.library.periods import Periods
from communityrules.library.words import STAFF, STAFF_ROLES
from communityrules.model.values import TEXT, TEXTS

if TYPE_CHECKING:
    from communityrules.compiler.guarding import Known

#: Nodes nested deeper than this go into a function of their own: Python bounds the nesting of its source.
_NESTING: Final = 24

#: What a generated function takes: the event, the facts, and the slots of values that several places share.
PARAMETERS: Final = "event, facts, slots"
_RUNTIME: Final = {
    name: getattr(runtime, name)
    for name in (
        "UNSET", "number", "flag", "words", "add", "subtract", "multiply", "divide", "call", "in_force", "dated",
        "tallied", "any_matches", "hit", "fail",
    )
}  # fmt: skip


#: What hardly two rules have alike: not worth keeping where it is not known that they do.
_OF_ONE_RULE: Final = (checked.Contains, checked.OneOf, checked.Affix, checked.Matches)

#: Only names pseudo-files in tracebacks.
_FILES: Final = count(1)


class Program:
    """All code generated for one rulebook: one namespace, one pseudo-file in `linecache`."""

    def __init__(
        self,
        rulebook: checked.Rulebook,
        library: Library,
        patterns: Mapping[str, Required] | None = None,
        before: Known | None = None,
    ) -> None:
        """`patterns`: what is known already of what patterns require. `before`: what is known of conditions, from a
        rulebook that had most of them, and is still held."""
        self.rulebook = rulebook
        self.library = library
        self.namespace: dict[str, Any] = {
            "__builtins__": {"Exception": Exception, "int": int, "len": len},
            **_RUNTIME,
            "clock": Periods(rulebook.timezone),
        }
        #: Made once for the whole rulebook: word lists, patterns, sets.
        self.made: dict[Hashable, Any] = {}
        #: Generated file name → line → where the rule stands that the line comes from.
        self.lines: dict[str, dict[int, checked.Origin]] = {}
        #: What the patterns that were asked about require.
        self.patterns: dict[str, Required] = dict(patterns or {})
        self.before = before
        #: What is known of conditions, for the next rulebook.
        self.known: Known | None = None
        self._constants: dict[int, str] = {}
        self._numbers: dict[Hashable, int] = {}
        self._names = 0
        roles = tuple(checked.Const(role, TEXT) for role in STAFF_ROLES)
        of_member = checked.FieldRef("member", "roles", TEXTS, what="member.roles")
        self._staff: Final = checked.Contains(of_member, roles, "any", exactly=False)
        #: Held while rules are written after the evaluator was made: threads may ask for the same at once.
        self.writing = threading.RLock()
        # The generated source stays readable for as long as the program lives.
        weakref.finalize(self, _forget, self.lines)

    def name(self, prefix: str) -> str:
        """A name that nothing else in the program has."""
        self._names += 1
        return f"{prefix}{self._names}"

    def number(self, key: Hashable) -> int:
        """A small number that stands for a key, the same whenever asked."""
        return self._numbers.setdefault(key, len(self._numbers))

    def constant(self, value: object) -> str:
        """How a value is written in generated code: small integers and flags as they are, all else by a name."""
        if value is None or value is True or value is False:
            return repr(value)
        if isinstance(value, int) and -(1 << 62) < value < 1 << 62:
            return f"({value})" if value < 0 else repr(value)
        name = self._constants.get(id(value))
        if name is None:
            name = self.name("k")
            # The namespace keeps the value alive, so its id stays its own.
            self._constants[id(value)] = name
            self.namespace[name] = value
        return name

    def build(self, key: Hashable, make: Callable[[], object]) -> Any:
        """What is made once for its key."""
        if key not in self.made:
            self.made[key] = make()
        return self.made[key]

    def make(self, key: Hashable, make: Callable[[], object]) -> str:
        """How that is written in generated code."""
        return self.constant(self.build(key, make))

    def required(self, pattern: str) -> Required:
        """What a text must hold one of for a pattern to fit it."""
        found = self.patterns.get(pattern)
        if found is None:
            found = self.patterns[pattern] = required_by(pattern)
        return found

    def run(self, source: Source) -> None:
        """Defines the functions of a finished source in the namespace."""
        if not source.lines:
            return
        file = f"<rules {next(_FILES)}>"
        text = "\n".join(source.lines) + "\n"
        # No modification time: linecache then never drops it, and tracebacks show the generated line.
        linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
        self.lines[file] = source.origins
        exec(compile(text, file, "exec", dont_inherit=True), self.namespace)  # noqa: S102  # our own text; see above

    def group(self, name: str) -> checked.Expression:
        """The condition of a group. KeyError when there is none of that name."""
        found = self.rulebook.groups.get(name)
        if found is None and name == STAFF:
            return self._staff
        return self.rulebook.groups[name]

    def origin(self, error: BaseException) -> checked.Origin | None:
        """Where in the rules an error came about: the innermost generated line that belongs to a rule."""
        found = None
        trace = error.__traceback__
        while trace is not None:
            lines = self.lines.get(trace.tb_frame.f_code.co_filename)
            if lines is not None:
                found = lines.get(trace.tb_lineno, found)
            trace = trace.tb_next
        return found


def _forget(files: dict[str, dict[int, checked.Origin]]) -> None:
    for file in files:
        linecache.cache.pop(file, None)


@dataclass(slots=True)
class Source:
    """Lines of generated code and where they come from."""

    lines: list[str] = field(default_factory=list)
    #: Line number from 1 → the rule's own place.
    origins: dict[int, checked.Origin] = field(default_factory=dict)

    def add(self, lines: list[str], origin: checked.Origin | None = None) -> None:
        if origin is not None:
            first = len(self.lines) + 1
            for line in range(first, first + len(lines)):
                self.origins[line] = origin
        self.lines += lines


@dataclass(slots=True)
class Plan:
    """What the functions that judge one kind of event share."""

    program: Program
    #: Whether the sender is the subject where no other is given.
    sender_is_subject: bool
    #: Whether it judges a period that has just ended.
    periodic: bool = False
    #: How often each value that is worth keeping is read.
    uses: Counter[Hashable] = field(default_factory=Counter)
    #: Value → the number of its slot.
    slots: dict[Hashable, int] = field(default_factory=dict)
    #: Value → the function that fills its slot.
    fillers: dict[Hashable, str] = field(default_factory=dict)
    #: Value → the function that reads it by itself.
    readers: dict[Hashable, str] = field(default_factory=dict)
    #: What finds the rules that are left, where that is the kernel's: it knows how to read values.
    sift: Any = None
    #: What that reads: a `sifted.Reads`.
    reads: Any = None
    #: What pieces of evidence say alike, each once, by all that it is: see `telling`.
    shapes: dict[Hashable, Any] = field(default_factory=dict)
    #: Text → the finders that look through it for words. See `texts.contains`.
    words: dict[Hashable, list[Any]] = field(default_factory=dict)
    #: Conditions that are asked for all rules at once that have them: worth keeping for those rules.
    wholes: set[checked.Expression] = field(default_factory=set)
    #: Only count uses; what is written meanwhile is thrown away.
    counting: bool = True
    #: Whether each rule is written when it is first asked. How often a value is read is not known then.
    lazy: bool = False
    #: As many unfilled slots as there are; more may come while `lazy`.
    blank: list[Any] = field(default_factory=list)
    source: Source = field(default_factory=Source)

    def flush(self) -> None:
        """Defines what was written since the last time."""
        source, self.source = self.source, Source()
        self.program.run(source)
        self.blank += [UNSET] * (len(self.slots) - len(self.blank))


class Writer:
    """One generated function while its body is being written."""

    __slots__ = ("_depth", "_loads", "_temps", "ahead", "kept", "plan", "program")

    def __init__(self, plan: Plan) -> None:
        #: Of the function that runs first for an event, before there are slots: the lines that work out what it shares
        #: with others, for whoever writes its body to put before what reads them.
        self.ahead: list[str] | None = None
        #: The slots for that, and the locals that hold it.
        self.kept: dict[int, str] = {}
        self.plan = plan
        self.program = plan.program
        self._loads: dict[str, list[str]] = {}
        self._temps = 0
        self._depth = 0

    # --- locals --------------------------------------------------------------------------------------------

    def load(self, name: str, *lines: str) -> str:
        """A local that the function sets once, at its beginning."""
        if name not in self._loads:
            self._loads[name] = list(lines)
        return name

    def loaded(self) -> list[str]:
        """The lines that set the locals asked for since the last time, for whoever puts them elsewhere."""
        lines = [line for load in self._loads.values() for line in load]
        self._loads = {name: [] for name in self._loads}
        return lines

    def temp(self) -> str:
        """A fresh local for one expression."""
        self._temps += 1
        return f"v{self._temps}"

    def bind(self, code: str) -> tuple[str, str]:
        """How to write a value that is read twice: the first time, and from then on."""
        if code.isidentifier() or code.isdigit():
            return code, code
        temp = self.temp()
        return f"({temp} := {code})", temp

    @staticmethod
    def given(first: str) -> list[str]:
        """The check that a value is there, written the first time it is read; none for a number as it stands."""
        return [] if first.isdigit() else [f"{first} is not None"]

    @staticmethod
    def applied(function: str, code: str) -> str:
        """A function of one value, None where that is absent."""
        return (
            f"({function}({code}) if {code} is not None else None)"
            if code.isidentifier()
            else f"call({function}, {code})"
        )

    # --- values that several places share --------------------------------------------------------------------

    def shared(self, key: Hashable, write: Callable[[Writer], str]) -> str:
        """A value by its key: kept in a slot when more than one place reads it, else written in place."""
        plan = self.plan
        if plan.counting:
            plan.uses[key] += 1
            return self.nested(write) if plan.uses[key] == 1 else "None"
        if isinstance(key, _OF_ONE_RULE) and key not in plan.wholes if plan.lazy else plan.uses[key] < 2:
            return self.nested(write)
        slot = self._slot(key, write)
        if self.ahead is not None:
            local = f"s{slot}"
            if slot not in self.kept:
                code = write(self)
                self.kept[slot] = local
                self.ahead.append(f"{local} = {code}")
            return local
        filler = plan.fillers[key]
        first, again = self.bind(f"slots[{slot}]")
        return f"({again} if {first} is not UNSET else {filler}({PARAMETERS}))"

    def _slot(self, key: Hashable, write: Callable[[Writer], str]) -> int:
        """The slot of a value, and a function that fills it."""
        plan = self.plan
        slot = plan.slots.get(key)
        if slot is None:
            filler = self.program.name("fill")
            inner = Writer(plan)
            code = write(inner)
            # Only now: had the writing failed, nothing would fill the slot.
            slot = plan.slots[key] = len(plan.slots)
            plan.fillers[key] = filler
            plan.source.add(inner.function(filler, [f"value = slots[{slot}] = {code}", "return value"]))
        return slot

    def nested(self, write: Callable[[Writer], str]) -> str:
        """Code in place, or in a function of its own where the nesting gets deep."""
        if self._depth < _NESTING:
            self._depth += 1
            code = write(self)
            self._depth -= 1
            return code
        inner = Writer(self.plan)
        name = self.program.name("part")
        code = write(inner)
        self.plan.source.add(inner.function(name, [f"return {code}"]))
        return f"{name}({PARAMETERS})"

    # --- the whole -------------------------------------------------------------------------------------------

    def function(self, name: str, body: list[str], parameters: str = PARAMETERS) -> list[str]:
        """The lines of the finished function."""
        lines = [f"def {name}({parameters}):"]
        for load in self._loads.values():
            lines += ("    " + line for line in load)
        lines += ("    " + line for line in body)
        return lines

    def prelude(self) -> int:
        """How many lines `function` puts before the body."""
        return 1 + sum(len(load) for load in self._loads.values())
