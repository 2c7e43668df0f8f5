"""`communityrules judge`: events in, decisions out, and what happened and why."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click

from communityrules.cli.auditing import Auditing
from communityrules.cli.books import STDIN, STDIN_NAME, open_book
from communityrules.cli.judging import Alone, Apart, Way
from communityrules.cli.messages import BAD_TIME, NO_FOLDER, NO_GROUP, NOT_A_FILE, SAME_FILE, STDIN_TWICE, cannot
from communityrules.cli.options import Command, HowMany, format_option, screen, word
from communityrules.cli.refusals import Refusals
from communityrules.cli.screen import Screen, binary, naming
from communityrules.diagnostics.message import Bilingual, Language

if TYPE_CHECKING:
    from communityrules.cli.report import Report
    from communityrules.loading import Rulebook
    from communityrules.model.decision import Decision
    from communityrules.model.event import Event

_ABOUT: Final = Bilingual(
    "Judge events by a rulebook. EVENTS is a `.jsonl` or `.jsonl.gz` file with one event on each line, or `-`. Shows "
    "what happened and why, and the first refused lines; `--format json` writes one decision a line instead, and to "
    "standard error one JSON object for every refused line and, as the last line, one with the counts. Exit status 0 "
    "whatever the verdicts, 1 when lines were refused, 2 when it could not run.",
    "按规则手册评判事件。EVENTS 是每行一个事件的 `.jsonl` 或 `.jsonl.gz` 文件,或 `-`。默认显示发生了什么、为什么,"
    "以及最先被拒收的几行;`--format json` 则每行输出一个判定,并在标准错误上为每个被拒收的行输出一个 JSON 对象,"
    "最后一行是各项计数。无论判定如何退出码都是 0,有行被拒收为 1,无法运行为 2。",
)
_STORE: Final = Bilingual(
    "Where facts are kept: `memory:`, or `sqlite:///FILE` to go on from there next time.",
    "事实存放处:`memory:`,或 `sqlite:///文件`,下次可以接着评判。",
)
_UNTIL: Final = Bilingual(
    "Afterwards let time pass up to here: deadlines, ends of sanctions, periods. A day or a time with its zone.",
    "评判之后让时间走到这里:期限、处分到期、周期。写日期,或带时区的时间。",
)
_OUTPUT: Final = Bilingual(
    "Write all decisions to this file, one JSON object a line.", "把全部判定写入此文件,每行一个 JSON 对象。"
)
_AUDIT: Final = Bilingual(
    "Append every decision to this audit log; what it holds already is not written again.",
    "把每个判定追加到这份审计日志;已有的不会重复写入。",
)
_AUDIT_KEY: Final = Bilingual(
    "A file with the secret key of the audit log; without one, LOG.key is used and made.",
    "审计日志的密钥文件;不给则使用(没有就生成)`日志.key`。",
)
_SHOW: Final = Bilingual("How many decisions are shown, or `all`.", "显示多少项判定,或 `all`。")
_FOR: Final = Bilingual(
    "Show and write decisions as this group may see them: what the rulebook keeps `confidential` from it is covered. "
    "Can be given for each group that the reader is in. The audit log gets them whole.",
    "按该用户组可见的内容显示和写出判定:手册对其 `保密` 的内容会遮盖。读者属于几个组就写几次。审计日志仍记录全部。",
)
_JOBS: Final = Bilingual(
    "Judge in N processes at once; `all`: one for each core. Each community is judged by one of them, and what comes "
    "out is the same. Over a store that is a file, one process judges.",
    "用 N 个进程同时评判;`all` 表示每个核心一个。每个社群由其中一个进程评判,输出完全相同。存储为文件时只用一个进程。",
)
_MEMORY: Final = "memory:"
#: More processes than this are not begun, whatever was asked for.
_MOST_JOBS: Final = 64
#: Events kept in mind to know again what has been told; as many as an engine knows again of one community.
_MOST_TOLD: Final = 1_000_000
_CHUNK: Final = 1 << 18
#: Lines of which the size is looked at together.
_LINES: Final = 32


def command(language: Language) -> Command:
    """The command for one language."""

    @click.pass_context
    def judge(context: click.Context, /, **given: Any) -> int:
        return _Run(screen(context), **given).run()

    return Command(
        language,
        name="judge",
        help=word(_ABOUT, language),
        callback=judge,
        params=[
            click.Argument(["book"], metavar="BOOK"),
            click.Argument(["events"], metavar="EVENTS"),
            click.Option(["--store"], default="memory:", show_default=True, metavar="URL", help=word(_STORE, language)),
            click.Option(["--until"], metavar="TIME", help=word(_UNTIL, language)),
            click.Option(["-o", "--output"], metavar="FILE", help=word(_OUTPUT, language)),
            click.Option(["--audit"], metavar="LOG", help=word(_AUDIT, language)),
            click.Option(["--audit-key"], metavar="FILE", help=word(_AUDIT_KEY, language)),
            click.Option(
                ["--show"],
                type=HowMany(language),
                default="100",
                show_default=True,
                metavar="N",
                help=word(_SHOW, language),
            ),
            click.Option(
                ["--jobs"],
                type=HowMany(language, least=1),
                default="1",
                show_default=True,
                metavar="N",
                help=word(_JOBS, language),
            ),
            click.Option(["--for", "viewers"], multiple=True, metavar="GROUP", help=word(_FOR, language)),
            format_option(language),
        ],
    )


class _Run:
    """One run of the command."""

    def __init__(
        self, out: Screen, book: str, events: str, store: str, until: str | None, output: str | None,
        audit: str | None, audit_key: str | None, show: int | None, viewers: tuple[str, ...],
        jobs: int | None, form: str,
    ) -> None:  # fmt: skip
        self._out = out
        self._book = book
        self._events = events
        self._store = store
        self._until = until
        self._output = output
        self._audit = Auditing(out, audit, audit_key)
        self._show = show
        self._viewers = viewers
        self._json = form == "json"
        self._jobs = jobs
        self._refusals = Refusals(out, STDIN_NAME if events == STDIN else events, self._json)
        #: Hashes of what has been told in this run, so that an event that comes twice is told and counted once.
        self._told: set[int] = set()

    def run(self) -> int:
        if self._book == STDIN and self._events == STDIN:
            raise cannot(STDIN_TWICE)
        self._spare_the_input()
        rulebook = open_book(self._book)
        self._out.diagnostics(rulebook.diagnostics)
        until = read_until(self._until, rulebook) if self._until is not None else None
        for group in self._viewers:
            if group not in rulebook.checked.groups:
                raise cannot(NO_GROUP, group=group, groups=", ".join(rulebook.checked.groups))
        self._audit.open(rulebook.zone)
        with closing(self._audit), self._way(rulebook, until) as way:
            return self._judge(rulebook, way)

    def _spare_the_input(self) -> None:
        from communityrules.stores.table import file_of

        store = file_of(self._store)
        self._audit.spare(store, *(one for one in (self._book, self._events, self._output) if one != STDIN))
        if self._output is None or self._output == STDIN:
            return
        # Neither need be there yet.
        if store is not None and os.path.realpath(store) == os.path.realpath(self._output):
            raise cannot(SAME_FILE, file=store)
        folder = os.path.dirname(os.path.realpath(self._output))
        if not os.path.lexists(folder):
            raise cannot(NO_FOLDER, folder=os.path.dirname(self._output) or folder, file=self._output)
        if not os.path.exists(self._output):
            return
        if os.path.isdir(self._output):
            raise cannot(NOT_A_FILE, file=self._output)
        for given in (self._book, self._events):
            if given != STDIN and os.path.exists(given) and os.path.samefile(given, self._output):
                raise cannot(SAME_FILE, file=given)

    def _way(self, rulebook: Rulebook, until: int | None) -> Alone | Apart:
        given = (self._out, rulebook, self._events, until, self._refusals)
        jobs = self._jobs if self._jobs is not None else os.cpu_count() or 1
        if jobs > 1 and self._store == _MEMORY:
            from communityrules.engine.parallel import possible

            if possible():
                return Apart(*given, min(jobs, _MOST_JOBS))
        return Alone(*given, self._store)

    def _judge(self, rulebook: Rulebook, way: Way) -> int:
        encode = self._encoder(rulebook)
        report = None if self._json else self._report(rulebook)
        with self._sink() as sink:
            if sink is not None and report is None and not self._audit:
                self._pass_on(sink, way.lines(encode))
            else:
                lines = self._recorded(way.pairs(), report, encode if sink is not None else None)
                self._pass_on(sink, iter(lambda: list(islice(lines, _LINES)), []))
        counted = way.counts()
        self._refusals.close()
        self._audit.tell()
        counts = {name: getattr(counted, name) for name in ("read", "judged", "duplicate", "quarantined", "late")}
        if report is not None:
            self._out.out([*report.lines(), report.counts(**counts)])
        else:
            self._out.raw_note("{" + ",".join(f'"{name}":{number}' for name, number in counts.items()) + "}")
        return 1 if counts["quarantined"] else 0

    def _encoder(self, rulebook: Rulebook) -> Callable[[Decision], bytes]:
        """A decision as its line of the output, as far as the viewers may see it."""
        from communityrules.wire.decisions import line_writer

        line, viewers = line_writer(rulebook.zone), self._viewers
        return (lambda decision: line(decision.seen_by(*viewers))) if viewers else line

    def _report(self, rulebook: Rulebook) -> Report:
        from communityrules.cli.phrases import Phrases
        from communityrules.cli.report import Report
        from communityrules.cli.story import Story

        checked = rulebook.checked
        own = (*checked.lists, *checked.patterns)
        phrases = Phrases(self._out.language, rulebook.zone, rulebook.evaluator.library, own)
        return Report(Story(phrases, self._out.width), checked, self._show)

    def _recorded(
        self,
        pairs: Iterator[tuple[Decision, Event | None]],
        report: Report | None,
        encode: Callable[[Decision], bytes] | None,
    ) -> Iterator[bytes]:
        for decision, event in pairs:
            self._audit.add(decision, event)
            if encode is not None:
                yield encode(decision)
            if report is not None and self._viewers:
                # What the event says itself may be what is not to be seen.
                self._tell(report, decision.seen_by(*self._viewers), None)
            elif report is not None:
                self._tell(report, decision, event)
        self._audit.flush()

    def _pass_on(self, sink: BinaryIO | None, lines: Iterator[list[bytes]]) -> None:
        held: list[bytes] = []
        size = 0
        for some in lines:
            held += some
            size += sum(map(len, some))
            if size > _CHUNK:
                self._write(sink, held)
                held.clear()
                size = 0
        self._write(sink, held)

    def _tell(self, report: Report, decision: Decision, event: Event | None) -> None:
        if isinstance(decision.event, str):
            told = hash((decision.community, decision.event))
            if told in self._told:
                return
            if len(self._told) < _MOST_TOLD:
                self._told.add(told)
        report.add(decision, event)

    @contextmanager
    def _sink(self) -> Iterator[BinaryIO | None]:
        """Where decisions go: a file that appears whole under its name or not at all, standard output, or nowhere."""
        if self._output == STDIN or (self._output is None and self._json):
            yield binary(sys.stdout)
            with naming("stdout"):
                binary(sys.stdout).flush()
        elif self._output is None:
            yield None
        elif os.path.exists(self._output) and not os.path.isfile(self._output):
            with open(self._output, "wb") as device:
                yield device
        else:
            from communityrules.cli.writing import replacing

            with replacing(Path(self._output)) as file:
                yield file

    def _write(self, sink: BinaryIO | None, lines: list[bytes]) -> None:
        if sink is None:
            return
        # Nobody is told what is not on record.
        self._audit.flush()
        with naming("stdout" if self._output in (None, STDIN) else str(self._output)):
            sink.write(b"".join(lines))
            sink.flush()


def read_until(text: str, rulebook: Rulebook) -> int:
    """The instant that `--until` means: of a day, its end in the rulebook's zone."""
    from communityrules.model.values import instant
    from communityrules.model.zones import parse_instant

    found = parse_instant(text)
    if found is not None:
        return found
    try:
        day = datetime.strptime(text, "%Y-%m-%d")
        return instant((day + timedelta(days=1)).replace(tzinfo=rulebook.zone))
    except (ValueError, OverflowError):
        raise cannot(BAD_TIME, text=text) from None
