"""Amounts of NCR: whole base units in code, decimals for people."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NewType

from .errors import NeuroDataError

#: Base units of a token: of NCR, 10**18 to the coin. Never a float.
Amount = NewType("Amount", int)

DIGITS = 18


def parse_ncr(text: str | int | Decimal) -> Amount:
    """``"25"``, ``25`` or ``Decimal("0.5")`` NCR as base units. A float is refused: 0.1 is none of them exactly.

    :raises NeuroDataError: ``BAD_INPUT`` for what is no amount of at most 18 decimals
    """
    plain = format(text, "f") if isinstance(text, Decimal) else str(text)
    match = re.fullmatch(r"([0-9]{1,60})(?:\.([0-9]{1,18}))?", plain)
    if isinstance(text, (float, bool)) or not match:
        raise NeuroDataError(
            f"{text!r} is no amount of NCR.",
            code="BAD_INPUT",
            remedy='Give a text like "25" or "0.5", a whole number or a Decimal.',
        )
    whole, part = match.groups(default="")
    return Amount(int(whole + part.ljust(DIGITS, "0")))


def format_ncr(amount: Amount) -> str:
    """Base units as NCR, without zeros at the end: ``"0.5"``."""
    whole, part = divmod(amount, 10**DIGITS)
    return f"{whole}.{part:0{DIGITS}d}".rstrip("0").rstrip(".")
