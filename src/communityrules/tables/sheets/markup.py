"""Reading the XML of a workbook as a stream, within limits, and without entities or anything outside it."""

from __future__ import annotations

from typing import IO, Protocol
from xml.parsers import expat

from communityrules.tables.reading import refused
from communityrules.tables.sheets.errors import UNSAFE
from communityrules.tables.sheets.limits import MAX_DEPTH, MAX_ELEMENTS, MAX_NAMES, MAX_TOKEN, Meter

_CHUNK = 65_536


class Handler(Protocol):
    """What is told of each element. Names come without their prefix; those of attributes as they are written."""

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None:
        """Text directly where it stands; may come in several pieces."""


class Enough(Exception):  # noqa: N818  # no error: the handler knows what it wanted to know
    """A handler raises it to stop reading."""


def parse(stream: IO[bytes], part: str, handler: Handler, meter: Meter) -> None:
    """Read one part of a workbook.

    `Refused` when it is not well formed, declares a document type (as every trick with entities must), or passes a
    limit.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth, elements = 0, meter.elements
    begin, finish = handler.start, handler.end

    # A sheet has hundreds of thousands of elements: what is asked of each stands in variables of this function.
    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, elements
        depth += 1
        elements += 1
        if depth > MAX_DEPTH:
            raise meter.over("depth")
        if elements > MAX_ELEMENTS:
            raise meter.over("elements")
        begin(name.rpartition(":")[2] if ":" in name else name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        finish(name.rpartition(":")[2] if ":" in name else name)

    def declared(*_: object) -> None:
        raise refused(UNSAFE, file=meter.file, part=part)

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = handler.text
    parser.StartDoctypeDeclHandler = declared
    fed = 0
    try:
        while chunk := stream.read(_CHUNK):
            meter.bytes(len(chunk))
            fed += len(chunk)
            parser.Parse(chunk, False)
            # One tag without an end would be kept and looked at again with every chunk.
            if fed - parser.CurrentByteIndex > MAX_TOKEN:
                raise meter.over("cell")
            if len(parser.intern) > MAX_NAMES:
                raise meter.over("names")
        parser.Parse(b"", True)
    except Enough:
        return
    except (expat.ExpatError, LookupError, UnicodeError) as error:
        line = error.lineno if isinstance(error, expat.ExpatError) else 1
        raise meter.broken(
            f"`{part}` is not well-formed XML at line {line}", f"`{part}` 第 {line} 行不是合法的 XML"
        ) from None
    finally:
        meter.elements = elements


def attribute(attributes: dict[str, str], name: str) -> str | None:
    """An attribute by its name without its prefix, whatever prefix the file gives it."""
    if (plain := attributes.get(name)) is not None:
        return plain
    for key, value in attributes.items():
        if key.rpartition(":")[2] == name:
            return value
    return None
