"""`communityrules audit`: verify an audit log, take its head, erase personal texts from it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Final

import click

from communityrules.cli.books import STDIN
from communityrules.cli.messages import SAME_FILE, cannot
from communityrules.cli.options import Command, Group, format_option, screen, word
from communityrules.cli.screen import Screen
from communityrules.cli.verifying import Verifying
from communityrules.diagnostics.message import Bilingual, Language
from communityrules.diagnostics.width import visible

_ABOUT: Final = Bilingual(
    "What can be done with the audit log that `judge --audit LOG` writes.",
    "处理 `judge --audit 日志` 写下的审计日志。",
)
_VERIFY: Final = Bilingual(
    "Has anything in an audit log been altered, cut out, put in, moved or repeated? Exit status 0 when not, 1 when so, "
    "2 when it could not run.",
    "审计日志是否被改动、删减、插入、移动或重复?没有则退出码为 0,有则为 1,无法运行为 2。",
)
_HEAD: Final = Bilingual(
    "The number and hash of the last record, to be kept where the log is not. A damaged log gives none: exit status 1.",
    "最后一条记录的编号和哈希,请存放在日志以外的地方。日志受损时不给出,退出码为 1。",
)
_ERASE: Final = Bilingual(
    "Take personal texts away for good. The log tells which ones went and still holds together. Exit status 1 when "
    "there is nothing of the kind.",
    "永久抹除个人文字。日志会记下抹除了哪些,链条依然完整。没有可抹除的内容时退出码为 1。",
)
_OF_HEAD: Final = Bilingual(
    "Compare the end with a head: a file that `audit head` wrote, or a hash.",
    "与链头比对末尾:`audit head` 写的文件,或一个哈希。",
)
_KEY_VERIFY: Final = Bilingual("A file with the key that the head is signed with.", "链头签名所用密钥的文件。")
_KEY_HEAD: Final = Bilingual("Sign the head with the key in this file.", "用此文件中的密钥给链头签名。")
_TEXTS: Final = Bilingual(
    "The file with the personal texts, where it is not the log's name and `.texts`.",
    "存放个人文字的文件;默认为日志名加 `.texts`。",
)
_NO_TEXTS: Final = Bilingual(
    "Leave the personal texts out: only the log itself is read.", "不看个人文字,只验证日志本身。"
)
_OUTPUT: Final = Bilingual("Write the head to this file.", "把链头写入此文件。")
_EVENT: Final = Bilingual("All texts in the decisions about this event.", "关于此事件的判定中的全部文字。")
_MEMBER: Final = Bilingual(
    "All texts in the decisions about this member or what they sent, and their id everywhere.",
    "关于此成员及其所发内容的判定中的全部文字,以及各处出现的该成员标识。",
)
_COMMUNITY: Final = Bilingual("Only in this community.", "仅限此社群。")
_NOTE: Final = Bilingual("Why, for the record of the erasure; it stays.", "抹除原因,写入抹除记录,不会被抹除。")
_HEAD_WRITTEN: Final = Bilingual("{output}: head {number} {hash}", "{output}:链头 {number} {hash}")
_GONE: Final = Bilingual(
    "{file}: erased {texts} texts in {records} records; that is record {number}.",
    "{file}:抹除了 {records} 条记录中的 {texts} 段文字,记为记录 {number}。",
)
_GONE_BEFORE: Final = Bilingual("{file}: these texts were erased before.", "{file}:这些文字此前已抹除。")
_FINISHED: Final = Bilingual(
    "{file}: texts that an erasure before had left over are gone now: {texts}.",
    "{file}:此前抹除时遗留的文字现已清除:{texts} 段。",
)


def command(language: Language) -> Group:
    """The commands for one language."""

    @click.pass_context
    def verify(context: click.Context, /, **given: Any) -> int:
        return Verifying(screen(context), **given).run()

    @click.pass_context
    def head(context: click.Context, /, **given: Any) -> int:
        return _head(screen(context), **given)

    @click.pass_context
    def erase(context: click.Context, /, **given: Any) -> int:
        return _erase(screen(context), **given)

    log = [click.Argument(["log"], metavar="LOG")]
    commands = [
        Command(
            language, name="verify", help=word(_VERIFY, language), callback=verify,
            params=[
                *log,
                click.Option(["--head"], metavar="FILE|HASH", help=word(_OF_HEAD, language)),
                click.Option(["--key"], metavar="FILE", help=word(_KEY_VERIFY, language)),
                click.Option(["--texts"], metavar="FILE", help=word(_TEXTS, language)),
                click.Option(["--no-texts"], is_flag=True, help=word(_NO_TEXTS, language)),
                format_option(language),
            ],
        ),
        Command(
            language, name="head", help=word(_HEAD, language), callback=head,
            params=[
                *log,
                click.Option(["-o", "--output"], metavar="FILE", help=word(_OUTPUT, language)),
                click.Option(["--key"], metavar="FILE", help=word(_KEY_HEAD, language)),
                format_option(language),
            ],
        ),
        Command(
            language, name="erase", help=word(_ERASE, language), callback=erase,
            params=[
                *log,
                click.Option(["--event"], metavar="ID", help=word(_EVENT, language)),
                click.Option(["--member"], metavar="ID", help=word(_MEMBER, language)),
                click.Option(["--community"], metavar="ID", help=word(_COMMUNITY, language)),
                click.Option(["--note"], metavar="TEXT", help=word(_NOTE, language)),
                format_option(language),
            ],
        ),
    ]  # fmt: skip
    return Group(language, commands, name="audit", help=word(_ABOUT, language))


def _head(out: Screen, log: str, output: str | None, key: str | None, form: str) -> int:
    from communityrules.cli.writing import replacing
    from communityrules.wire.audit.heads import Head
    from communityrules.wire.audit.keys import read_key

    secret = read_key(key) if key is not None else None
    if output not in (None, STDIN):
        _spare(str(output), log, key)
    check = Verifying(out, log, None, None, None, True, "text")
    report, _ = check.verify()
    if check.told:
        return 1
    head = Head(report.number, report.hash)
    if secret is not None:
        head = head.signed(secret)
    line = head.encode() + b"\n"
    if output is None or output == STDIN:
        out.bytes(line)
        return 0
    with replacing(Path(output)) as file:
        file.write(line)
    if form == "json":
        out.bytes(line)
    else:
        said = {"output": visible(output), "number": str(report.number), "hash": report.hash}
        out.say(_HEAD_WRITTEN.fill(out.language, said))
    return 0


def _spare(output: str, log: str, key: str | None) -> None:
    from communityrules.wire.audit import keys, texts

    others = [f"{log}{suffix}" for suffix in ("", texts.SUFFIX, keys.SUFFIX)] if log != STDIN else []
    for one in (*others, *([] if key is None else [key])):
        if os.path.realpath(one) == os.path.realpath(output):
            raise cannot(SAME_FILE, file=one)


def _erase(
    out: Screen, log: str, event: str | None, member: str | None, community: str | None, note: str | None, form: str
) -> int:
    from communityrules.wire.audit.erasing import Wanted, erase
    from communityrules.wire.audit.errors import NOTHING_THERE, AuditError

    try:
        gone = erase(log, Wanted(event, member, community, note))
    except AuditError as error:
        if error.diagnostic.message is not NOTHING_THERE:
            raise
        out.diagnostics([error.diagnostic])
        return 1
    said = {
        "file": visible(log), "records": str(gone.records), "texts": str(gone.texts), "number": str(gone.number),
    }  # fmt: skip
    if form == "json":
        told = {
            "log": log, "records": gone.records, "erased_texts": gone.texts, "finished": gone.finished,
            "head": {"number": gone.number, "hash": gone.hash},
        }  # fmt: skip
        out.raw(json.dumps(told, ensure_ascii=False) + "\n")
        return 0
    if gone.finished:
        out.say(_FINISHED.fill(out.language, {**said, "texts": str(gone.finished)}))
    if gone.texts:
        out.say(_GONE.fill(out.language, said))
    elif not gone.finished:
        out.say(_GONE_BEFORE.fill(out.language, said))
    return 0
