"""`communityrules audit verify`: what is wrong with a log, told to people and to programs."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, Final

from communityrules.cli.books import STDIN
from communityrules.cli.messages import BAD_USAGE, cannot
from communityrules.cli.progress import Bar
from communityrules.cli.screen import Screen, binary, naming
from communityrules.diagnostics.message import Bilingual
from communityrules.diagnostics.text import Part
from communityrules.diagnostics.width import visible

if TYPE_CHECKING:
    from communityrules.wire.audit.findings import Finding
    from communityrules.wire.audit.heads import Head
    from communityrules.wire.audit.verifying import Report

_KEY_ALONE: Final = Bilingual(
    "`--key` is for the signature of a head; `--head` is missing.", "`--key` 用于检查链头的签名,但没有给出 `--head`。"
)
_READING: Final = Bilingual("Verifying", "验证中")

_SOUND: Final = Bilingual(
    "{file}: {records} records, {decisions} of them decisions: nothing was altered.",
    "{file}:共 {records} 条记录,其中判定 {decisions} 条:没有任何改动。",
)
_UNSOUND: Final = Bilingual(
    "{file}: {records} records are sound; findings: {findings}.",
    "{file}:完好的记录 {records} 条;发现问题 {findings} 处。",
)
_TEXTS_FIT: Final = Bilingual(
    "The texts beside it are those that were recorded; erased: {erased}.",
    "旁边的文字与记录一致;已抹除 {erased} 段。",
)
_TEXTS_LEFT: Final = Bilingual("The texts beside it were not compared.", "没有比对旁边的文字。")
_ENDS: Final = Bilingual("It ends with record {number}, {hash}.", "末尾是记录 {number},{hash}。")
_HEAD_FITS: Final = Bilingual(
    "It holds the head that was given: nothing up to there was cut off or written anew.",
    "给定的链头在其中:到那里为止没有被截去或重写。",
)
_SIGNED: Final = Bilingual("The head's signature is right.", "链头的签名正确。")
_UNCHECKED: Final = Bilingual(
    "The head's signature was not checked: no key was given.", "没有给出密钥,未检查链头的签名。"
)
_CANNOT_TELL: Final = Bilingual(
    "Without a head kept elsewhere this cannot tell whether records were cut off at the end: give one with `--head`.",
    "没有存放在别处的链头,就无法判断末尾是否被截去:请用 `--head` 给出。",
)
_WRITING: Final = Bilingual("It is being written at this moment.", "它此刻正在被写入。")
_MORE: Final = Bilingual(
    "… and {number} more findings; `--format json` tells of the first {most}.",
    "……另有 {number} 处问题;`--format json` 会列出前 {most} 处。",
)
#: Findings that people are told of one by one, and programs.
_SHOWN: Final = 50
_LISTED: Final = 1000


class Verifying:
    """One verification."""

    def __init__(
        self, out: Screen, log: str, head: str | None, key: str | None, texts: str | None, no_texts: bool, form: str
    ) -> None:
        self._out = out
        self._log = log
        self._head_given = head
        self._key = key
        self._texts: str | None = None
        if not no_texts and (log != STDIN or texts is not None):
            from communityrules.wire.audit.texts import SUFFIX

            self._texts = texts or f"{log}{SUFFIX}"
        self._json = form == "json"
        self._listed: list[Finding] = []
        #: How much was found wrong.
        self.told = 0

    def run(self) -> int:
        """Verify and tell; the exit status."""
        from communityrules.wire.audit.errors import BAD_SIGNATURE
        from communityrules.wire.audit.findings import finding
        from communityrules.wire.audit.heads import read_head
        from communityrules.wire.audit.keys import read_key

        if self._key is not None and self._head_given is None:
            raise cannot(BAD_USAGE, problem=_KEY_ALONE, command="communityrules audit verify")
        head = read_head(self._head_given) if self._head_given is not None else None
        signed: bool | None = None
        if head is not None and self._key is not None:
            signed = head.is_signed_with(read_key(self._key))
            if not signed:
                self._tell(finding(BAD_SIGNATURE, head.number, None, file=str(self._head_given)))
        report, writing = self.verify(head)
        if self._json:
            self._for_programs(report, head, signed, writing)
        else:
            self._for_people(report, head, signed, writing)
        return int(self.told > 0)

    def verify(self, head: Head | None = None) -> tuple[Report, bool]:
        """Read everything; what there is, and whether somebody is writing it at this moment."""
        from communityrules.wire.audit.locking import is_locked
        from communityrules.wire.audit.verifying import Verification

        with ExitStack() as files:
            if self._log == STDIN:
                log, size = binary(sys.stdin), None
            else:
                log = files.enter_context(open(self._log, "rb"))
                # What is appended from now on is another day's work.
                size = os.fstat(log.fileno()).st_size or None

            def writing() -> bool:
                return size is not None and (is_locked(log) or os.fstat(log.fileno()).st_size != size)

            texts = None if self._texts is None else lambda: files.enter_context(self._open_texts())
            name = "<stdin>" if self._log == STDIN else self._log
            with Bar(self._out, _READING.fill(self._out.language, {}), size or 0, log.tell if size else int) as bar:
                check = Verification(name, self._tell, head=head, size=size, writing=writing)
                with naming("stdin" if self._log == STDIN else self._log):
                    return check.run(log, texts, self._texts or "", bar.through), writing()

    def _open_texts(self) -> BinaryIO:
        from communityrules.wire.audit.errors import NO_TEXTS, AuditError

        try:
            return open(str(self._texts), "rb")
        except FileNotFoundError:
            raise AuditError(NO_TEXTS, file=str(self._texts)) from None

    def _tell(self, one: Finding) -> None:
        self.told += 1
        if len(self._listed) < _LISTED:
            self._listed.append(one)
        if not self._json and self.told <= _SHOWN:
            self._out.diagnostics([one.diagnostic])

    def _for_people(self, report: Report, head: Head | None, signed: bool | None, writing: bool) -> None:
        say = self._out.language
        if self.told > _SHOWN:
            self._out.note(_MORE.fill(say, {"number": str(self.told - _SHOWN), "most": str(_LISTED)}))
        said = {
            "file": visible(self._log), "records": str(report.records), "decisions": str(report.decisions),
            "findings": str(self.told), "number": str(report.number), "hash": report.hash,
            "erased": str(report.erased),
        }  # fmt: skip
        lines = [[Part((_UNSOUND if self.told else _SOUND).fill(say, said), "error" if self.told else "good")]]
        notes = [_ENDS]
        if not report.texts:
            notes.append(_TEXTS_LEFT)
        elif not self.told:
            notes.append(_TEXTS_FIT)
        if writing:
            notes.append(_WRITING)
        if head is None:
            notes.append(_CANNOT_TELL)
        elif report.met and not self.told:
            notes.append(_HEAD_FITS)
        if signed:
            notes.append(_SIGNED)
        elif head is not None and head.signature is not None and signed is None:
            notes.append(_UNCHECKED)
        self._out.out(lines + [[Part(one.fill(say, said))] for one in notes])

    def _for_programs(self, report: Report, head: Head | None, signed: bool | None, writing: bool) -> None:
        say = self._out.language
        told: dict[str, object] = {
            "log": self._log,
            "sound": self.told == 0,
            "records": report.records,
            "decisions": report.decisions,
            "erasures": report.erasures,
            "erased_texts": report.erased,
            "head": {"number": report.number, "hash": report.hash},
            "texts": "compared" if report.texts else "not compared",
            "end": "cannot tell" if head is None else "as it was" if report.met else "not as it was",
            "signature": None if head is None or (head.signature is None and signed is None)
            else "not checked" if signed is None else "right" if signed else "wrong",
            "being_written": writing,
            "finding_count": self.told,
            "findings": [
                {
                    "record": one.record, "line": one.line, "code": one.diagnostic.code,
                    "reason": one.diagnostic.text(say), "hint": one.diagnostic.hint(say),
                }
                for one in self._listed
            ],
        }  # fmt: skip
        self._out.raw(json.dumps(told, ensure_ascii=False) + "\n")
