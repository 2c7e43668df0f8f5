"""Files that a rulebook names: read through the caller, bounded, never outside its folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from books import book, codes, look, rule

from communityrules.checker.check import check
from communityrules.checker.files import folder_reader, read_file
from communityrules.checker.loading import Limits
from communityrules.diagnostics.source import Source

USES = rule("message.text contains any of words")


def test_a_used_file_is_read_in_its_place() -> None:
    files = {
        "shared/a.rules": 'use "b.rules"\nlist words = file "w.txt"\n',
        "shared/b.rules": "",
        "shared/w.txt": "x\n",
    }
    found = look('use "shared/a.rules"\n' + USES, files)
    assert found.rulebook is not None
    assert found.rulebook.lists["words"].items == ("x",)
    assert [one.name for one in found.files] == ["main.rules", "shared/a.rules", "shared/b.rules", "shared/w.txt"]


def test_a_list_file_has_one_word_a_line() -> None:
    text = "\ufeff# words\r\n\r\n 加微信 \r\nact fast\nact fast\n# end"
    assert book('list words = file "w.txt"\n' + USES, {"w.txt": text}).lists["words"].items == ("加微信", "act fast")


@pytest.mark.parametrize(
    "path", ["../w.txt", "/etc/passwd", "a/../../w.txt", "C:\\\\w.txt", "a\\\\w.txt", ".", "", "file:w.txt"]
)
def test_nothing_outside_the_folder_is_asked_for(path: str) -> None:
    def read(_: str) -> Source:
        raise AssertionError("must not be read")

    result = check(Source("main.rules", f'list words = file "{path}"\n' + USES), read=read)
    assert "CR712" in [one.code for one in result.diagnostics]


def test_a_missing_file_is_told_where_it_is_named() -> None:
    (one,) = look('list words = file "w.txt"\n' + USES).diagnostics
    assert one.code == "CR711"
    assert one.span is not None
    assert one.span.text == '"w.txt"'


def test_without_a_reader_no_file_is_read() -> None:
    result = check(Source("main.rules", 'use "a.rules"\n' + rule("message.length > 1")))
    assert [one.code for one in result.diagnostics] == ["CR711"]


@pytest.mark.parametrize(
    "error", [OSError("x"), PermissionError("x"), ValueError("x"), UnicodeDecodeError("utf-8", b"", 0, 1, "x")]
)
def test_whatever_the_reader_raises_becomes_a_diagnostic(error: Exception) -> None:
    def read(_: str) -> Source:
        raise error

    result = check(Source("main.rules", 'use "a.rules"\n' + rule("message.length > 1")), read=read)
    assert [one.code for one in result.diagnostics] == ["CR711"]


def test_circles_are_refused_and_shared_files_are_not() -> None:
    circle = {"a.rules": 'use "b.rules"\n', "b.rules": 'use "a.rules"\n'}
    assert codes('use "a.rules"\n' + rule("message.length > 1"), circle) == ["CR713"]
    assert codes('use "main.rules"\n' + rule("message.length > 1")) == ["CR713"]
    shared = {"a.rules": 'use "c.rules"\n', "b.rules": 'use "c.rules"\n', "c.rules": 'list words = "x"\n'}
    assert codes('use "a.rules"\nuse "b.rules"\n' + USES, shared) == []


def test_depth_number_and_size_are_bounded() -> None:
    deep = {f"{n}.rules": f'use "{n + 1}.rules"\n' for n in range(100)}
    assert codes('use "0.rules"\n' + rule("message.length > 1"), deep) == ["CR714"]
    files = {f"{n}.rules": "" for n in range(5)}
    text = "".join(f'use "{n}.rules"\n' for n in range(5)) + rule("message.length > 1")
    found = look(text, files, Limits(files=3))
    assert [one.code for one in found.diagnostics] == ["CR714", "CR714"]
    long = look('list words = file "w.txt"\n' + USES, {"w.txt": "x\n" * 10}, Limits(lines=5))
    assert [one.code for one in long.diagnostics] == ["CR715"]
    wide = look('list words = file "w.txt"\n' + USES, {"w.txt": "x" * 10}, Limits(characters=5))
    assert [one.code for one in wide.diagnostics] == ["CR715"]


def test_errors_of_a_used_file_stand_in_that_file() -> None:
    (one,) = look('use "a.rules"\n' + rule("odd"), {"a.rules": "define odd as message.text > 3\n"}).diagnostics
    assert one.span is not None
    assert one.span.source.name == "a.rules"


def test_the_folder_reader_stays_in_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (folder / "words.txt").write_bytes(b"\xef\xbb\xbfa\r\nb\r")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    read = folder_reader(folder)
    assert read("words.txt").text == "a\nb\n"
    with pytest.raises(PermissionError):
        read("link.txt")
    with pytest.raises(PermissionError):
        read("../secret.txt")
    with pytest.raises(FileNotFoundError):
        read("none.txt")


def test_binary_files_and_folders_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x00\x01")
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match="NUL"):
        read_file(tmp_path / "a")
    with pytest.raises(UnicodeDecodeError):
        read_file(tmp_path / "b")
    with pytest.raises(IsADirectoryError):
        read_file(tmp_path)
