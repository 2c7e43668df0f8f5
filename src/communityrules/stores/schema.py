"""The layout of a SQLite store."""

from __future__ import annotations

from typing import Final

#: What marks a file as ours: "crul".
APPLICATION_ID: Final = 0x6372756C
#: Raised whenever the layout changes; a file with a higher number is refused, one with a lower one is brought up.
LAYOUT: Final = 2

#: The first layout. Communities, tables of cells, measures and rulebooks stand as small numbers in every other table.
SCHEMA: Final = """
CREATE TABLE community (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  clock INTEGER NOT NULL,
  events INTEGER NOT NULL,
  last INTEGER NOT NULL
) STRICT;

CREATE TABLE name (
  number INTEGER PRIMARY KEY,
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE rulebook (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  version TEXT,
  digest TEXT NOT NULL
) STRICT;

CREATE TABLE cell (
  community INTEGER NOT NULL,
  tab INTEGER NOT NULL,
  key TEXT NOT NULL,
  value BLOB NOT NULL,
  PRIMARY KEY (community, tab, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE timer (
  community INTEGER NOT NULL,
  what TEXT NOT NULL,
  key TEXT NOT NULL,
  due INTEGER NOT NULL,
  PRIMARY KEY (community, what, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX timer_due ON timer (due);

-- part: a number, or the JSON of the value that the piece is about.
CREATE TABLE piece (
  community INTEGER NOT NULL,
  measure INTEGER NOT NULL,
  key TEXT NOT NULL,
  part ANY NOT NULL,
  newest INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (community, measure, key, part)
) STRICT, WITHOUT ROWID;

-- event: NULL for a timer's decision. body: NULL for a decision that only allows.
CREATE TABLE entry (
  seq INTEGER PRIMARY KEY,
  community INTEGER NOT NULL,
  event TEXT,
  digest TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  previous INTEGER NOT NULL,
  time INTEGER NOT NULL,
  late INTEGER NOT NULL,
  rulebook INTEGER NOT NULL,
  body BLOB
) STRICT;
CREATE INDEX entry_event ON entry (community, event, seq) WHERE event IS NOT NULL;
CREATE INDEX entry_timer ON entry (community, seq) WHERE event IS NULL;

CREATE TABLE pending (seq INTEGER PRIMARY KEY) STRICT;
"""

#: What each layout has more than the one before it, from the second on.
ADDED: Final[tuple[str, ...]] = (
    """
-- Plain decisions of events: last is the newest's log position, ordinal its ordinal, opens the position of the first
-- entry of their commit, whichever it was.
CREATE TABLE pack (
  last INTEGER PRIMARY KEY,
  opens INTEGER NOT NULL,
  community INTEGER NOT NULL,
  rulebook INTEGER NOT NULL,
  ordinal INTEGER NOT NULL,
  marks BLOB NOT NULL,
  data BLOB NOT NULL
) STRICT;
CREATE INDEX pack_community ON pack (community, ordinal);

-- What commits have changed that the tables cell and piece do not have yet.
CREATE TABLE journal (
  number INTEGER PRIMARY KEY,
  data BLOB NOT NULL
) STRICT;
""",
)
