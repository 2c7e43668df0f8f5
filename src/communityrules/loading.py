"""From a file to a rulebook that can judge."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary, WeakValueDictionary
from zoneinfo import ZoneInfo

from communityrules.checker.basis import held, latest
from communityrules.checker.changing import changed
from communityrules.checker.check import check_anew
from communityrules.checker.files import folder_reader, read_file
from communityrules.collecting import without_collector
from communityrules.diagnostics.message import Diagnostic, RulesError
from communityrules.diagnostics.source import Source
from communityrules.model.zones import zone

if TYPE_CHECKING:
    from communityrules.checker import checked
    from communityrules.checker.basis import Basis
    from communityrules.compiler.evaluator import Evaluator
    from communityrules.kept import Found, Kept
    from communityrules.library.declare import Library
    from communityrules.library.registry import Declaration
    from communityrules.library.scores import Scored
    from communityrules.wire.types import WireTypes


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A rulebook that was found good, and its evaluator. Holds no state; one serves any number of engines."""

    evaluator: Evaluator
    #: Warnings, in source order.
    diagnostics: tuple[Diagnostic, ...]

    @property
    def checked(self) -> checked.Rulebook:
        """Its canonical form: every rule, list, penalty and so on, with all names resolved."""
        return self.evaluator.rulebook

    @property
    def name(self) -> str:
        return self.checked.name

    @property
    def version(self) -> str | None:
        return self.checked.version

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical form, 64 hex digits: the same for what judges the same."""
        return self.checked.digest

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which its days and hours are meant."""
        return zone(self.checked.timezone)

    @property
    def events(self) -> WireTypes:
        """The event types that it takes, with their fields."""
        from communityrules.engine.incoming import wire_types

        return wire_types(self.checked, self.evaluator.library)


def load(
    path: str | Path,
    *,
    extensions: Iterable[Declaration] = (),
    on_score: Callable[[Scored], None] | None = None,
    cache: str | Path | None = None,
) -> Rulebook:
    """The rulebook of a `.rules` file; the files that it uses are read from its folder and below.

    `extensions` are functions, actions, detectors and scores that rules may name beside those of the library and of
    installed packages (see `library.registry`). `on_score` is told of every score that is asked for (`library.scores`).
    `cache` is a folder that keeps what was read and checked for the next process, else the environment's
    `COMMUNITYRULES_CACHE`, else nothing is kept; not used with `extensions` or those of installed packages.
    RulesError carries every diagnostic when it has errors. OSError when the file cannot be read, ValueError
    (UnicodeDecodeError among them) when it is not text in UTF-8.
    """
    file = Path(path)
    return build(read_file(file), folder_reader(file.parent), extensions, on_score, cache)


def loads(
    text: str,
    name: str = "rulebook",
    read: Callable[[str], str] | None = None,
    *,
    extensions: Iterable[Declaration] = (),
    on_score: Callable[[Scored], None] | None = None,
    cache: str | Path | None = None,
) -> Rulebook:
    """The rulebook of a text. `name` stands in diagnostics; `read` gives the text of a file that it uses, by its name.

    What `read` raises as OSError or ValueError is told as a file that cannot be read. `extensions`, `on_score`,
    `cache` and RulesError as for `load`. A text that was loaded before, and whose evaluator is still held, is not read
    again unless it uses files. Of a large one that has changed a little, only what changed is read and checked while
    the rulebook of the text before, under the same `name`, is held.
    """
    reader = None if read is None else lambda used: _source(used, read(used))
    return build(_source(name, text), reader, extensions, on_score, cache)


def _source(name: str, text: str) -> Source:
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def build(
    source: Source,
    read: Callable[[str], Source] | None,
    extensions: Iterable[Declaration] = (),
    on_score: Callable[[Scored], None] | None = None,
    cache: str | Path | None = None,
) -> Rulebook:
    """The rulebook of a source. RulesError when it has errors, ExtensionError when an extension cannot be taken."""
    from communityrules.compiler.compile import compile_rulebook
    from communityrules.kept import kept
    from communityrules.library.registry import extended, standard_library
    from communityrules.library.table import STANDARD
    from communityrules.moving import LARGE, give_back, prepare

    library = standard_library()
    added = tuple(extensions)
    if added:
        library = extended(library, added, "extensions")
    usual = not added and on_score is None
    key = _key(source) if usual else b""
    known = _LOADED.get(key) if usual else None
    if known is not None and known.library is library:
        return Rulebook(known, _DIAGNOSTICS[known])
    if len(source.text) >= LARGE:
        prepare()
    with without_collector():
        place = kept(cache, source, read) if library is STANDARD else None
        before = place.find() if place is not None else None
        found, basis = (before, None) if before is not None else _checked(source, read, library, place)
        rulebook, diagnostics, alone, patterns = found
        evaluator = compile_rulebook(rulebook, library, on_score, patterns, _LATEST.get(source.name))
        if place is not None and before is None:
            place.keep(rulebook, diagnostics, evaluator.patterns)
        if len(source.text) >= LARGE:
            give_back()
    if usual and alone:
        _DIAGNOSTICS[evaluator] = diagnostics
        _LOADED[key] = evaluator
    if basis is not None:
        _BASES[evaluator] = basis
        _LATEST[source.name] = evaluator
    return Rulebook(evaluator, diagnostics)


def _checked(
    source: Source, read: Callable[[str], Source] | None, library: Library, place: Kept | None
) -> tuple[Found, Basis | None]:
    """The rulebook, its warnings, whether it stands in one file, and what checking it again goes by. RulesError when it
    has errors."""
    from communityrules.moving import LARGE, move_together

    before = latest(source)
    basis = changed(before, source, library) if before is not None else None
    if basis is not None:
        held(basis)
        return (basis.rulebook, basis.diagnostics, True, {}), basis
    result = check_anew(source, library, read if place is None else place.read)
    diagnostics, files = tuple(result.diagnostics), result.files
    if result.rulebook is None or any(one.severity == "error" for one in diagnostics):
        raise RulesError(diagnostics)
    kept, basis = [result.rulebook], result.basis
    del result
    away = basis.put_away() if basis is not None else b""
    for one in files:
        one.forget_lines()
    alone = len(files) == 1
    large = sum(len(one.text) for one in files) >= LARGE
    rulebook = move_together(kept) if large else kept.pop()
    if basis is not None:
        basis.take_out(away, rulebook)
        held(basis)
    return (rulebook, diagnostics, alone, {}), basis


#: Evaluators that somebody still holds, by the name and the text that they came from: the same text again is the same
#: rulebook. Only of texts that stand alone, as files that a text uses may have changed.
_LOADED: Final[WeakValueDictionary[bytes, Evaluator]] = WeakValueDictionary()
#: By evaluator, what checking a changed text of the same rulebook goes by.
_BASES: Final[WeakKeyDictionary[Evaluator, Basis]] = WeakKeyDictionary()
#: By the name of a source the evaluator that was made of it last, as long as somebody holds it.
_LATEST: Final[WeakValueDictionary[str, Evaluator]] = WeakValueDictionary()
_DIAGNOSTICS: Final[WeakKeyDictionary[Evaluator, tuple[Diagnostic, ...]]] = WeakKeyDictionary()


def _key(source: Source) -> bytes:
    text = f"{source.name}\0{source.text}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).digest()
