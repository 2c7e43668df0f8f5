"""Detectors: one file each, all in one table."""

from __future__ import annotations

from communityrules.library.detectors.bank_card import BANK_CARD
from communityrules.library.detectors.email import EMAIL
from communityrules.library.detectors.id_card import ID_CARD
from communityrules.library.detectors.link import LINK
from communityrules.library.detectors.phone_number import PHONE_NUMBER

#: By canonical name.
DETECTORS = {one.names.en: one for one in (PHONE_NUMBER, ID_CARD, BANK_CARD, EMAIL, LINK)}
