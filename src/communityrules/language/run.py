"""One run of the parse table over one stretch of a source: its stacks, its place, what it could take next."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, cast

from communityrules.language.grammar import Grammar, Join, Values
from communityrules.language.keywords import keyword_table
from communityrules.language.token import Token

END = "$END"
#: The symbol of the declarations read so far.
_DECLARED = "__file_star_0"


@lru_cache(maxsize=1)
def openings() -> frozenset[str]:
    """The terminals with which a declaration, a clause, a step or a line of a block begins."""
    table = keyword_table()
    words = {one.token for section in ("declarations", "header", "clauses") for one in table.section(section)}
    return frozenset(words - {"FOUND_BY_END"} | _OTHER_OPENINGS)


@lru_cache(maxsize=1)
def opening_words() -> frozenset[str]:
    """The first words of all spellings with which a declaration or a clause begins."""
    table = keyword_table()
    sections = ("declarations", "header", "clauses")
    spellings = {s for section in sections for one in table.section(section) for s in (*one.en, *one.zh)}
    return frozenset(spelling.split()[0] for spelling in spellings)


_OTHER_OPENINGS = {
    "HOLIDAYS", "WORKDAYS", "WEEKDAY", "ORDINAL", "THEN_ON", "ALWAYS", "APPEAL", "TEXT_EN", "TEXT_ZH", "GIVEN", "DATE",
    "TIME", "LATER", "ROW",
}  # fmt: skip


class Run:
    """The parser's state on the way from `position` to `end`."""

    __slots__ = (
        "_actions", "_final", "_lexer", "_renamed", "_states", "end", "mended", "position", "previous", "text",
        "values",
    )  # fmt: skip

    def __init__(
        self, grammar: Grammar, text: str, start: str, position: int, end: int, read: Values | None = None
    ) -> None:
        """`read` are the declarations of a file that stand before `position`."""
        self._lexer = grammar.lexer
        self._actions = grammar.actions
        self._renamed = grammar.renamed
        self._states, self._final = [grammar.starts[start]], grammar.finals[start]
        self.text = text
        self.position = position
        self.end = end
        #: What has been recognised and not yet joined: tokens and nodes, one for each state but the first.
        self.values: list[Any] = []
        if read is not None:
            self._states.append(cast(int, self._actions[self._states[0]][_DECLARED]))
            self.values.append(read)
        #: Where a forgotten word was last put in; -2 when none was.
        self.mended = -2
        #: The last token taken.
        self.previous: Token | None = None

    def next_token(self) -> Token | None:
        """The token that stands next, `$END` at the end, None when nothing that fits stands there."""
        state = self._states[-1]
        return self._lexer.next_token(self.text, self.position, self.end, state, self._actions[state])

    def token_at(self, position: int, stack: list[int]) -> Token | None:
        """The token that a parser with that stack would see there."""
        return self._lexer.next_token(self.text, position, self.end, stack[-1], self._actions[stack[-1]])

    def opening_at(self, position: int) -> Token | None:
        """The first word of a declaration, clause, step or line that stands there, whatever the parser expects."""
        return self._lexer.next_token(self.text, position, self.end, -1, openings())

    @property
    def between(self) -> bool:
        """Whether nothing but whole declarations was read before the last value."""
        return isinstance(self.values[0], Values) and self._states[1] == self._actions[self._states[0]].get(_DECLARED)

    def take(self, token: Token) -> bool:
        """Give the parser a token: whether it could take it. After `$END` the result is the only value."""
        kind = token.type
        found = self.settle(kind)
        if found is None:
            return kind == END and self._states[-1] == self._final
        self._states.append(found)
        self.values.append(token)
        self.previous = token
        self.position = token.end_pos
        return True

    def settle(self, kind: str) -> int | None:
        """Join what is complete before a token of a kind: the state after it; None when it cannot be taken, or is
        the end of what was read."""
        states, actions = self._states, self._actions
        while True:
            found = actions[states[-1]].get(kind)
            if not isinstance(found, tuple):
                return found
            self._join(found, kind)
            if kind == END and states[-1] == self._final:
                return None

    def _join(self, join: Join, kind: str) -> None:
        """Join the last values, as a token of a kind shows."""
        states, values = self._states, self.values
        size, origin, build = join
        if build is None:
            states[-1] = self._skipped(states[-2], states[-1], kind)
            return
        children: list[Any] = []
        if size:
            children = values[-size:]
            del states[-size:]
            del values[-size:]
        values.append(build(children))
        states.append(self._actions[states[-1]][origin])  # type: ignore[arg-type] # after a nonterminal stands a state

    def _skipped(self, below: int, state: int, kind: str) -> int:
        """The state after all reductions in a row that only rename the last value."""
        key = (below, state, kind)
        found = self._renamed.get(key)
        if found is None:
            row = self._actions[below]
            found = state
            while isinstance(step := self._actions[found].get(kind), tuple) and step[2] is None:
                found = row[step[1]]  # type: ignore[assignment] # after a nonterminal stands a state
            self._renamed[key] = found
        return found

    # --- asking without taking -------------------------------------------------------------------------------

    def stack(self, length: int | None = None) -> list[int]:
        """A copy of the states, cut to those below the value with that index."""
        return list(self._states) if length is None else self._states[: length + 1]

    def can_take(self, token: str, stack: list[int] | None = None) -> bool:
        """Whether a parser with that stack would take such a token."""
        return self.after(token, self._states if stack is None else stack) is not None

    def after(self, token: str, stack: list[int]) -> list[int] | None:
        """The states after such a token, None when it would not be taken. The stack given is not changed."""
        stack = list(stack)
        while True:
            found = self._actions[stack[-1]].get(token)
            if found is None:
                return None
            if isinstance(found, int):
                return [*stack, found]
            size, origin, _ = found
            if size:
                del stack[-size:]
            stack.append(self._actions[stack[-1]][origin])  # type: ignore[arg-type] # as in `take`
            if token == END and stack[-1] == self._final:
                return stack

    def reads(self, text: str, position: int, least: int, stack: list[int]) -> bool:
        """Whether a parser with that stack could take another text from `position` beyond `least`, or to its end."""
        while True:
            token = self._lexer.next_token(text, position, len(text), stack[-1], self._actions[stack[-1]])
            after = None if token is None else self.after(token.type, stack)
            if token is None or after is None:
                return False
            if token.type == END or token.end_pos > least:
                return True
            stack, position = after, token.end_pos

    def expected(self) -> frozenset[str]:
        """Every terminal that could stand next."""
        return frozenset(one for one in self._actions[self._states[-1]] if one.isupper() and self.can_take(one))

    def cut(self, length: int) -> None:
        """Forget what was recognised from the value with that index on."""
        del self.values[length:]
        del self._states[length + 1 :]


class TracedRun(Run):
    """A run over one declaration, which notes its tokens and can be handed what was made elsewhere."""

    __slots__ = ("lowest", "tokens")

    def __init__(self, grammar: Grammar, text: str, start: str, position: int, end: int) -> None:
        super().__init__(grammar, text, start, position, end, Values())
        #: How few values there were at any time since this was last set.
        self.lowest = 0
        #: Those taken; of what was made elsewhere its names and its last token.
        self.tokens: list[Token] = []

    @property
    def finished(self) -> bool:
        """Whether one declaration was read, and the first word of the next."""
        return len(self.values) == 2 and self.between and len(self.values[0]) == 1

    @property
    def height(self) -> int:
        """How many values have not been joined yet."""
        return len(self.values)

    @property
    def state(self) -> int:
        return self._states[-1]

    def take(self, token: Token) -> bool:
        taken = super().take(token)
        if taken:
            self.tokens.append(token)
        return taken

    def _join(self, join: Join, kind: str) -> None:
        self.lowest = min(self.lowest, self.height - join[0])
        super()._join(join, kind)

    def joins_to_one(self, kind: str, height: int) -> bool:
        """Join what is above so many values to one node, as far as a token of a kind shows: whether it can be."""
        while self.height != height + 1 or isinstance(self.values[-1], Token):
            found = self._actions[self._states[-1]].get(kind)
            if not isinstance(found, tuple) or self.height - found[0] < height:
                return False
            self._join(found, kind)
        return True

    def put(self, node: Any, state: int, names: list[Token], last: Token, position: int) -> None:
        """Take what was made of the text up to a position, and go on in a state."""
        self.values.append(node)
        self._states.append(state)
        self.tokens += (*names, last)
        self.previous = last
        self.position = position
