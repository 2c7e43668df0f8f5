"""Checked rulebooks kept in a folder, so that the same text need not be read and checked again by the next process.

Off unless a folder is named. An entry is found by what the text says, what it is called and what reads it: the version
of this package and its files, and Python. The files that a rulebook uses are read each time and must say what they
said. Whatever is not exactly as it was written, belongs to another user or could have been written by one is passed
over, and so is a folder that cannot be read or written: keeping saves time and changes no result.
"""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from communityrules.checker import checked
from communityrules.checker.packing import pack, unpack
from communityrules.diagnostics.message import Diagnostic
from communityrules.diagnostics.source import Source
from communityrules.language.keywords import grammar_text
from communityrules.library.patterns import Required

#: The variable that names the folder where the caller does not.
FOLDER: Final = "COMMUNITYRULES_CACHE"
_MARK: Final = b"communityrules checked 3\n"
_DIGEST: Final = hashlib.sha256().digest_size
#: Bytes of one entry.
_MOST: Final = 256 * 1024 * 1024

Reader = Callable[[str], Source]
#: A rulebook, its warnings, whether it stands in one file, and what its patterns require.
Found = tuple[checked.Rulebook, tuple[Diagnostic, ...], bool, Mapping[str, Required]]


def kept(folder: str | Path | None, source: Source, read: Reader | None) -> Kept | None:
    """The place of a rulebook in a folder, or in that of the environment; None where none is named or can be used."""
    folder = folder or os.environ.get(FOLDER)
    if not folder:
        return None
    try:
        return Kept(folder, source, read)
    except OSError:  # the package stands in an archive, where nothing tells one version from another
        return None


class Kept:
    """The place of one rulebook in a folder."""

    def __init__(self, folder: str | Path, source: Source, read: Reader | None) -> None:
        """`read` opens the files that the rulebook uses, as for `check`."""
        self._source = source
        self._read = read
        self._uses: dict[str, Source] = {}
        self._whole = True
        named = hashlib.sha256(_reader_of_rules())
        for one in (source.name, source.text):
            named.update(b"\0")
            named.update(one.encode("utf-8", "surrogatepass"))
        self._file = Path(folder) / f"{named.hexdigest()}.checked"

    @property
    def read(self) -> Reader | None:
        """The same reader, of which it is noted what it gives."""
        return None if self._read is None else self._noted

    def _noted(self, path: str) -> Source:
        assert self._read is not None  # else there is no such reader
        try:
            found = self._uses[path] = self._read(path)
        except BaseException:
            self._whole = False
            raise
        return found

    def find(self) -> Found | None:
        """The rulebook and its warnings, if they are kept and the files that it uses still say the same."""
        try:
            payload = self._payload()
            if payload is None:
                return None
            uses, packed = unpack(payload)
            sources = [self._source]
            for path, name, digest in uses:
                used = None if self._read is None else self._read(path)
                if used is None or used.name != name or _digest(used) != digest:
                    return None
                sources.append(used)
            rulebook, diagnostics, patterns = unpack(packed, sources)
            required = {one: Required(literals, folded) for one, (literals, folded) in patterns.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            # `PackingError` is a ValueError; reading the rulebook anew tells what is wrong with a file of its own.
            return None
        if not isinstance(rulebook, checked.Rulebook) or not isinstance(diagnostics, tuple):
            return None
        if any(not isinstance(one, Diagnostic) or one.severity == "error" for one in diagnostics):
            return None
        return rulebook, diagnostics, not uses, required

    def keep(
        self, rulebook: checked.Rulebook, diagnostics: tuple[Diagnostic, ...], patterns: Mapping[str, Required]
    ) -> None:
        """Write it down for the next time, whole or not at all. `patterns`: what its patterns require."""
        if not self._whole:
            return
        uses = tuple((path, one.name, _digest(one)) for path, one in self._uses.items())
        # What cannot be kept, `PackingError` among it, is read again; so is what no file system has a name for.
        with suppress(ValueError, OSError):
            required = {one: tuple(found) for one, found in patterns.items()}
            packed = pack((rulebook, diagnostics, required), [self._source, *self._uses.values()])
            payload = pack((uses, packed))
            if len(payload) > _MOST:
                return
            folder = self._file.parent
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_MARK + self._seal(payload) + payload)
                os.replace(name, self._file)
            except BaseException:
                os.unlink(name)
                raise

    def _payload(self) -> bytes | None:
        """What the entry holds, if it is ours and whole."""
        with open(self._file, "rb", opener=_at_once) as opened:
            about = os.fstat(opened.fileno())
            if not stat.S_ISREG(about.st_mode) or about.st_size > _MOST:
                return None
            if sys.platform != "win32" and (about.st_uid != os.getuid() or about.st_mode & 0o022):
                return None
            data = opened.read()
        seal, payload = data[len(_MARK) : len(_MARK) + _DIGEST], data[len(_MARK) + _DIGEST :]
        if not data.startswith(_MARK) or self._seal(payload) != seal:
            return None
        return payload

    def _seal(self, payload: bytes) -> bytes:
        """Of what the entry holds and of its own name: whoever may only rename files could else put one rulebook in
        the place of another."""
        return hashlib.sha256(self._file.name.encode() + payload).digest()


def _at_once(path: str, flags: int) -> int:
    """Opens what may be a pipe, without waiting for somebody to write into it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _digest(source: Source) -> bytes:
    return hashlib.sha256(source.text.encode("utf-8", "surrogatepass")).digest()


@lru_cache(maxsize=1)
def _reader_of_rules() -> bytes:
    """What reads the rulebooks: another version of any file of ours may read them in another way."""
    import tzdata  # type: ignore[import-untyped]  # the package has no types

    said = [sys.version, tzdata.IANA_VERSION, grammar_text("keywords.toml"), grammar_text("communityrules.lark")]
    folders = [os.path.dirname(__file__)]
    while folders:
        for one in sorted(os.scandir(folders.pop()), key=lambda one: one.name):
            if one.is_dir():
                folders.append(one.path)
            elif not one.name.endswith(".pyc"):
                about = one.stat()
                said.append(f"{one.name} {about.st_size} {about.st_mtime_ns}")
    return hashlib.sha256("\n".join(said).encode("utf-8", "surrogatepass")).digest()
