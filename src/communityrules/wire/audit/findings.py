"""What `verify` finds, each with the record and the line that it is about."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from communityrules.diagnostics.message import Bilingual, Diagnostic, Message

NO_FORM: Final = Bilingual("it is not in the form of a record", "它不是记录的格式")
NO_FIT: Final = Bilingual("its hash does not fit what it says", "它的哈希与内容不符")
NO_SENSE: Final = Bilingual("it says what no record of ours says", "它的内容不是本程序所写")
TOO_LONG: Final = Bilingual("it is longer than a record can be", "它超过了一条记录的长度上限")
AGAIN: Final = Bilingual("it stands there a second time", "它第二次出现")
MOVED: Final = Bilingual("it belongs further up", "它本应在更前面")
EARLY: Final = Bilingual("it belongs further down", "它本应在更后面")
_ONE: Final = Bilingual("record {first}", "记录 {first}")
_SOME: Final = Bilingual("records {first} to {last}", "记录 {first} 到 {last}")


class Finding(Struct, frozen=True):
    """One thing that is wrong."""

    #: The record's number; None: the log as a whole.
    record: int | None
    #: The line, counted from 1, of the file that the diagnostic names; None: none in particular.
    line: int | None
    diagnostic: Diagnostic


def finding(message: Message, record: int | None, line: int | None, **values: str | Bilingual) -> Finding:
    """A finding; `number` and `line` are filled in."""
    said: dict[str, str | Bilingual] = {"number": "?" if record is None else str(record), **values}
    if line is not None:
        said["line"] = str(line)
    return Finding(record, line, Diagnostic(message, None, said))


def records(first: int, last: int) -> Bilingual:
    """One record, or one to another."""
    text = _ONE if first == last else _SOME
    said = {"first": str(first), "last": str(last)}
    return Bilingual(text.fill("en", said), text.fill("zh", said))
