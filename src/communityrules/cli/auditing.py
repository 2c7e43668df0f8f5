"""What `judge` does with an audit log: the decisions go there before anybody else sees them."""

from __future__ import annotations

import os
from datetime import tzinfo
from typing import TYPE_CHECKING, Final

from communityrules.cli.books import STDIN
from communityrules.cli.messages import BAD_USAGE, NO_FOLDER, SAME_FILE, cannot
from communityrules.cli.screen import Screen
from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.width import visible

if TYPE_CHECKING:
    from communityrules.model.decision import Decision
    from communityrules.model.event import Event
    from communityrules.wire.audit.writing import AuditLog

#: Records that are written together; each time the disk is waited for.
_BATCH: Final = 256

_KEY_ALONE: Final = Bilingual(
    "`--audit-key` is the key of an audit log; `--audit` is missing.",
    "`--audit-key` 是审计日志的密钥,但没有给出 `--audit`。",
)
_NO_STREAM: Final = Bilingual("An audit log is a file; `-` is none.", "审计日志必须是文件,不能是 `-`。")
_WRITTEN: Final = Bilingual(
    "Audit log {file}: records written: {number}; its head is {head} {hash}",
    "审计日志 {file}:新写入 {number} 条记录;链头为 {head} {hash}",
)
_MENDED: Final = Bilingual(
    "{file}: half a line ({bytes} bytes), which a crash had left at the end, was taken away.",
    "{file}:末尾有中断时残留的半行({bytes} 字节),已去掉。",
)


class Auditing:
    """One run's audit log; None of it when the command was given none."""

    def __init__(self, out: Screen, path: str | None, key: str | None) -> None:
        self._out = out
        self._path = path
        self._key = key
        self._log: AuditLog | None = None
        self._written = 0

    def __bool__(self) -> bool:
        return self._path is not None

    def spare(self, *others: str | None) -> None:
        """CannotRun when the log cannot be where it is to be: over another file of this run, in no folder."""
        if self._path is None and self._key is not None:
            raise cannot(BAD_USAGE, problem=_KEY_ALONE, command="communityrules judge")
        if self._path is None:
            return
        if self._path == STDIN:
            raise cannot(BAD_USAGE, problem=_NO_STREAM, command="communityrules judge")
        from communityrules.wire.audit.keys import SUFFIX as KEY
        from communityrules.wire.audit.texts import SUFFIX as TEXTS

        folder = os.path.dirname(os.path.realpath(self._path))
        if not os.path.lexists(folder):
            raise cannot(NO_FOLDER, folder=os.path.dirname(self._path) or folder, file=self._path)
        ours = {os.path.realpath(f"{self._path}{suffix}") for suffix in ("", TEXTS, KEY)}
        for one in others:
            if one is not None and os.path.realpath(one) in ours:
                raise cannot(SAME_FILE, file=one)
        if self._key is not None and os.path.realpath(self._key) in ours - {os.path.realpath(self._path + KEY)}:
            raise cannot(SAME_FILE, file=self._key)

    def open(self, zone: tzinfo) -> None:
        """Begin, or go on from what is there. AuditError, OSError."""
        if self._path is None:
            return
        from communityrules.wire.audit.keys import read_key
        from communityrules.wire.audit.writing import AuditLog

        key = None if self._key is None else read_key(self._key)
        self._log = AuditLog(self._path, zone, key=key, batch=_BATCH)
        if self._log.mended:
            said = {"file": visible(self._path), "bytes": str(self._log.mended)}
            self._out.note(_MENDED.fill(self._out.language, said))

    def add(self, decision: Decision, event: Event | None) -> None:
        """Record a decision and who sent the event that it answers."""
        if self._log is not None and self._log.append(decision, event) is not None:
            self._written += 1

    def flush(self) -> None:
        """See everything on the disk."""
        if self._log is not None:
            self._log.flush()

    def close(self) -> None:
        """End the log."""
        if self._log is not None:
            self._log.close()

    def tell(self) -> None:
        """Say on standard error what was written and where the log ends now."""
        if self._log is None or self._path is None:
            return
        head = self._log.head
        said = {"file": visible(self._path), "number": str(self._written), "head": str(head.number), "hash": head.hash}
        self._out.note(_WRITTEN.fill(self._out.language, said))
