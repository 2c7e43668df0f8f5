"""Builds the optional kernel: `src/communityrules/kernel/_NAME.c`, each a module of its own, where a C compiler is.

Part of installing the package. Without a compiler, or without Python's headers, the package is installed all the same
and does the same, slower. In a checkout `python hatch_build.py` builds in place.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from setuptools import Distribution, Extension
from setuptools.command.build_ext import build_ext

PACKAGE = "communityrules.kernel"
SOURCES = Path("src", *PACKAGE.split("."))
#: To people, in both languages, as the library itself cannot be asked for its messages yet.
_LEFT_OUT = """communityrules is installed without {name}, and is slower: {reason}
  To have it, install a C compiler and Python's headers (on Debian: gcc, python3-dev), then install again.
communityrules 已安装,但缺少 {name},速度较慢:{reason}
  如需要它,请先装好 C 编译器和 Python 头文件(Debian 上为 gcc、python3-dev),再重新安装。"""


def build(root: Path, to: Path) -> list[Path]:
    """Compile what there is in C below a checkout into modules in the folder `to`; those that could be."""
    built = []
    for source in sorted((root / SOURCES).glob("_*.c")):
        extension = Extension(f"{PACKAGE}.{source.stem}", [str(source)], include_dirs=[str(source.parent)])
        with tempfile.TemporaryDirectory() as temporary:
            command = build_ext(Distribution({"name": PACKAGE, "ext_modules": [extension]}))
            command.build_lib = command.build_temp = temporary
            command.ensure_finalized()
            try:
                command.run()
            # Whatever is missing on this machine, the package does not need what is built here.
            except Exception as error:  # noqa: BLE001
                print(_LEFT_OUT.format(name=source.stem, reason=error), file=sys.stderr)
                continue
            made = Path(command.get_ext_fullpath(extension.name))
            place = to / made.name
            # Under another name first: a process that uses the old one goes on with it.
            fresh = place.with_suffix(".new")
            fresh.write_bytes(made.read_bytes())
            fresh.replace(place)
            built.append(place)
    return built


class Kernel(BuildHookInterface):  # type: ignore[type-arg]  # the configuration of a builder is hatchling's own matter
    """Adds what was built to a wheel; for an editable install it is built in place."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        if version == "editable":
            build(root, root / SOURCES)
            return
        self._folder = tempfile.TemporaryDirectory()
        built = build(root, Path(self._folder.name))
        for module in built:
            build_data["force_include"][str(module)] = "/".join((*PACKAGE.split("."), module.name))
        if built:
            # The wheel is for this machine and this Python.
            build_data["pure_python"] = False
            build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        if version != "editable":
            self._folder.cleanup()


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    for one in build(here, here / SOURCES):
        print(one.relative_to(here))
