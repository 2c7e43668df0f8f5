"""How much a rulebook may ask of the parser. Files come from strangers."""

from decimal import Context
from typing import Final

#: Characters of one file.
MAX_FILE: Final = 4 * 1024 * 1024
#: Levels of a condition: parentheses, `not`, chained arithmetic.
MAX_DEPTH: Final = 50
#: Characters of a name.
MAX_NAME: Final = 100
#: Characters of a quoted text or a pattern.
MAX_TEXT: Final = 10_000
#: Digits of a number, with its point.
MAX_DIGITS: Final = 30
#: Columns of a table that are looked at; there are fewer kinds of them.
MAX_COLUMNS: Final = 40
#: Room for every number that may be written, so that nothing is rounded.
EXACT: Final = Context(prec=2 * MAX_DIGITS)
#: Errors reported before reading stops.
MAX_ERRORS: Final = 100
