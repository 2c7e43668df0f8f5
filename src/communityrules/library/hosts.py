"""Host names: one spelling for each, and which endings are real.

The suffix list is the one that comes inside the `tldextract` package; the network is never asked.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from communityrules.library.fold import STEPS

if TYPE_CHECKING:
    from tldextract import TLDExtract

#: Full stops that stand for the dot of a host name.
_DOTS = str.maketrans({"。": ".", "．": ".", "｡": "."})
_UNSEEN = {step.name: step for step in STEPS}
_IPV4 = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")


@lru_cache(maxsize=4096)
def plain_host(host: str) -> str:
    """One spelling of a host name: lower case, plain width, Unicode labels instead of `xn--`, no dot at the end.

    `WWW.Example.COM.` is `www.example.com`; `xn--fsqu00a.xn--fiqs8s` is `例子.中国`. Accents stay: they make another
    name. A label that is not valid punycode stays as it is.
    """
    host = host.translate(_DOTS).strip().strip(".")
    if not host.isascii():
        steps = (_UNSEEN["invisible"], _UNSEEN["width"], _UNSEEN["case"])
        for step in steps:
            host = "".join(step.of(char) for char in host)
        host = unicodedata.normalize("NFC", host).translate(_DOTS)
    host = host.lower()
    if "xn--" not in host:
        return host
    return ".".join(_unicode_label(label) for label in host.split("."))


def _unicode_label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        decoded = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label
    # A label that decodes to plain letters, or to what ends a host, is a disguise and not a name.
    if decoded.isascii() or not all(char.isalnum() or char == "-" or unicodedata.combining(char) for char in decoded):
        return label
    return decoded.lower()


def is_ipv4(host: str) -> bool:
    """Whether a host is four numbers from 0 to 255."""
    return _IPV4.fullmatch(host) is not None and all(int(part) <= 255 for part in host.split("."))


@lru_cache(maxsize=1)
def _suffixes() -> TLDExtract:
    # Imported when a text first has something like a host: it brings a large package with it.
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=4096)
def registered_domain(host: str) -> str | None:
    """The name that was registered, `example.co.uk` of `www.example.co.uk`; None when the ending is no public one."""
    parts = _suffixes().extract_str(plain_host(host))
    if not parts.suffix or not parts.domain:
        return None
    return f"{parts.domain}.{parts.suffix}"
