"""Detectors: one file each, all in one table."""

from __future__ import annotations

from communityrules.library.detectors.bank_card import BANK_CARD
from communityrules.library.detectors.email import EMAIL
from communityrules.library.detectors.group_invite import GROUP_INVITE
from communityrules.library.detectors.id_card import ID_CARD
from communityrules.library.detectors.link import LINK
from communityrules.library.detectors.messenger_id import MESSENGER_ID
from communityrules.library.detectors.money_amount import MONEY_AMOUNT
from communityrules.library.detectors.phone_number import PHONE_NUMBER
from communityrules.library.detectors.postal_address import POSTAL_ADDRESS

#: By canonical name.
DETECTORS = {
    one.names.en: one
    for one in (
        PHONE_NUMBER,
        ID_CARD,
        BANK_CARD,
        EMAIL,
        LINK,
        MESSENGER_ID,
        GROUP_INVITE,
        MONEY_AMOUNT,
        POSTAL_ADDRESS,
    )
}
