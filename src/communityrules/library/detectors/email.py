"""`email` / `邮箱`: e-mail addresses whose domain has a real ending."""

from __future__ import annotations

import re
from collections.abc import Iterator

from communityrules.diagnostics.message import Bilingual
from communityrules.library.declare import Detector, Match, Names
from communityrules.library.hosts import registered_domain
from communityrules.library.narrow import narrow

_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9._%+-])[A-Za-z0-9_](?:[A-Za-z0-9._%+-]{0,62}[A-Za-z0-9_])?"
    r"@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24})(?![A-Za-z0-9@-])"
)


def find_emails(text: str) -> Iterator[Match]:
    """Addresses of a text in order."""
    plain = narrow(text)
    if "@" not in plain:
        return
    for one in _ADDRESS.finditer(plain):
        if registered_domain(one.group(1)):
            yield Match(one.start(), one.end())


EMAIL = Detector(
    Names("email", "邮箱", ("电子邮箱", "邮箱地址")),
    Bilingual("E-mail addresses.", "电子邮箱地址。"),
    find_emails,
)
