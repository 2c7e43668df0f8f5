"""What has come in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Counts:
    """What has come in through `judge` and `run`. Always `read == judged + duplicate + quarantined`."""

    read: int = 0
    judged: int = 0
    duplicate: int = 0
    quarantined: int = 0
    #: Of the judged ones, those that came after a later event of their community.
    late: int = 0
