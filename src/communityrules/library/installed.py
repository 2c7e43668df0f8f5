"""Whether an installed package declares entry points of a group.

`importlib.metadata` knows, but it takes as long to load as a rulebook to read, and hardly any installation has a
package that adds to the library. So it is asked only when a word of the group's name stands in a package's
`entry_points.txt`, or when packages are kept in ways that cannot be looked into here.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder


def may_declare(group: str) -> bool:
    """False when no installed package can have entry points of that group."""
    if any(hasattr(one, "find_distributions") and one is not PathFinder for one in sys.meta_path):
        return True
    return any(_folder_may(folder or os.curdir, group.encode()) for folder in dict.fromkeys(sys.path))


def _folder_may(folder: str, group: bytes) -> bool:
    try:
        with os.scandir(folder) as entries:
            names = [one.name for one in entries if one.name.lower().endswith((".dist-info", ".egg-info", ".egg"))]
    except NotADirectoryError:
        return True  # an archive of packages
    except OSError:
        return False  # `sys.path` names folders that are not there
    return any(_package_may(os.path.join(folder, name), group) for name in names)


def _package_may(package: str, group: bytes) -> bool:
    if package.lower().endswith(".egg"):
        return True
    try:
        with open(os.path.join(package, "entry_points.txt"), "rb") as file:
            return group in file.read()
    except OSError:
        return False  # most packages have none
