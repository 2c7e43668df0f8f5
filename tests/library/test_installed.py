"""Packages that add to the library are found; looking for them costs little where there are none."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from communityrules.library.installed import may_declare
from communityrules.library.registry import GROUP, standard_library

PACKAGE = """
from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Action, Names
DECLARATIONS = [Action(Names("greet", "问候"), Bilingual("For tests.", "供测试用。"), "allow", "member")]
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sys, "path", [str(tmp_path / "nowhere"), str(tmp_path)])
    monkeypatch.setattr(sys, "meta_path", [one for one in sys.meta_path if not hasattr(one, "find_distributions")])
    return tmp_path


def install(site: Path, entry_points: str) -> None:
    (site / "other-2.dist-info").mkdir()
    (site / "plug_in-1.dist-info").mkdir()
    (site / "plug_in-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: plug-in\nVersion: 1\n")
    (site / "plug_in-1.dist-info" / "entry_points.txt").write_text(entry_points)
    (site / "plug_in.py").write_text(PACKAGE, encoding="utf-8")


def test_nothing_is_there(site: Path) -> None:
    install(site, "[console_scripts]\nplug = plug_in:main\n")
    assert not may_declare(GROUP)


def test_a_package_of_the_group_is_found(site: Path) -> None:
    install(site, f"[{GROUP}]\nplug = plug_in:DECLARATIONS\n")
    assert may_declare(GROUP)


@pytest.mark.parametrize("name", ["packages.zip", "old-1.egg"])
def test_where_it_cannot_look_it_does_not_deny(site: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / name).write_bytes(b"PK")
    if name.endswith(".zip"):
        monkeypatch.setattr(sys, "path", [str(site / name)])
    assert may_declare(GROUP)


@pytest.mark.usefixtures("site")
def test_other_finders_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    class Finder:
        def find_distributions(self) -> None: ...

    assert not may_declare(GROUP)
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, Finder()])
    assert may_declare(GROUP)


def test_what_an_installed_package_declares_is_part_of_the_library(tmp_path: Path) -> None:
    install(tmp_path, f"[{GROUP}]\nplug = plug_in:DECLARATIONS\n")
    code = (
        "from communityrules.library.registry import standard_library;"
        "print(standard_library().resolve('actions', '问候'))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": ":".join([str(tmp_path), *sys.path])},
    )  # fmt: skip
    assert ran.stdout == "greet\n"


def test_the_usual_installation_does_not_load_the_metadata_of_packages() -> None:
    if may_declare(GROUP):
        pytest.skip("a package here adds to the library")
    code = (
        "import sys; from communityrules.library.registry import standard_library; standard_library();"
        "print('importlib.metadata' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert ran.stdout == "False\n"
    assert set(standard_library().functions)
