"""What a draft says, in one short line, for these tests."""

from __future__ import annotations

import re

from communityrules.language import tree
from communityrules.language.format import format_file
from communityrules.library.names import LibraryNames
from communityrules.tables.drafting.draft import Drafted
from communityrules.tables.making import NOWHERE

_LEFT_OUT = re.compile(r"^\s*(?:#|content |applies to everyone$|effective immediately$)")


def clauses(rule: tree.Rule) -> str:
    """The clauses of one rule in English, parted by `; `, without content, comments and what says nothing."""
    text = format_file(tree.File((rule,), (), NOWHERE, "en"), LibraryNames(), "en")
    lines = [one.strip() for one in text.splitlines() if not _LEFT_OUT.match(one)]
    if lines and lines[0] == f"rule {rule.id.text}":
        lines = lines[1:]
    lines = [re.sub(r'^(todo|then remind) ".*"$', r"\1", one) for one in lines]
    return "; ".join(lines)


def summary(drafted: Drafted) -> str:
    """The clauses of all rules of a draft, parted by ` || `; a penalty's steps stand before them."""
    steps = []
    for one in drafted.declarations:
        if isinstance(one, tree.PenaltyDeclaration):
            text = format_file(tree.File((one,), (), NOWHERE, "en"), LibraryNames(), "en")
            steps.append(", ".join(line.strip() for line in text.splitlines()[1:] if not line.startswith("#")))
    return " || ".join([*steps, *map(clauses, drafted.rules)])
