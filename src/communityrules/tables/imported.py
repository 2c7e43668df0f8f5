"""What an importer hands on: a rulebook as a tree, and the account of what became of everything."""

from __future__ import annotations

from communityrules.diagnostics.message import Diagnostic
from communityrules.frozen import dataclass
from communityrules.language import tree
from communityrules.tables.carried import Account


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of one file."""

    file: tree.File
    account: Account
    #: What is wrong with the file that was read, beyond what the account says.
    diagnostics: tuple[Diagnostic, ...] = ()
    #: The ids of rules of which every clause was drafted from words; others have clauses of their writers' own.
    drafted: frozenset[str] = frozenset()
