"""The optional kernel is built where it can be, and nothing needs it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType

import pytest

from communityrules import kernel

ROOT = Path(__file__).parent.parent.parent
NAMES = sorted(source.stem[1:] for source in (ROOT / "src" / "communityrules" / "kernel").glob("_*.c"))
GOOD = """#include <Python.h>
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT, "_good"};
PyMODINIT_FUNC PyInit__good(void) { return PyModule_Create(&definition); }
"""


@pytest.fixture(scope="module")
def building() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _checkout(folder: Path, **sources: str) -> Path:
    place = folder / "src" / "communityrules" / "kernel"
    place.mkdir(parents=True)
    for name, source in sources.items():
        (place / f"_{name}.c").write_text(source, encoding="utf-8")
    return folder


@pytest.mark.skipif(
    shutil.which((sysconfig.get_config_var("CC") or "cc").split()[0]) is None
    or not (Path(sysconfig.get_path("include")) / "Python.h").exists(),
    reason="needs a C compiler and Python's headers",
)
def test_what_cannot_be_compiled_is_left_out_and_said(
    building: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout, to = _checkout(tmp_path / "checkout", bad="#error no", good=GOOD), tmp_path / "to"
    to.mkdir()
    (built,) = building.build(checkout, to)
    assert built.parent == to
    assert built.name.startswith("_good.")
    said = capsys.readouterr().err
    assert "communityrules is installed without _bad, and is slower" in said
    assert "install a C compiler" in said
    assert "communityrules 已安装,但缺少 _bad,速度较慢" in said
    spec = importlib.util.spec_from_file_location("_good", built)
    assert spec is not None
    assert importlib.util.module_from_spec(spec).__name__ == "_good"


def test_without_a_compiler_nothing_is_built(
    building: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("CC", "LDSHARED"):
        monkeypatch.setenv(name, "no-such-compiler")
    assert building.build(_checkout(tmp_path, good=GOOD), tmp_path) == []
    assert "without _good" in capsys.readouterr().err


@pytest.mark.parametrize("said", ["off", "OFF", "0", "no"])
def test_it_can_be_left_unused(said: str) -> None:
    asked = f"from communityrules.kernel import native; print([native(name) for name in {NAMES!r}])"
    done = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
        env={**os.environ, "COMMUNITYRULES_KERNEL": said},
    )  # fmt: skip
    assert done.stdout.strip() == str([None] * len(NAMES))


def test_what_is_not_there_is_none() -> None:
    assert kernel.native("nothing_of_that_name") is None
