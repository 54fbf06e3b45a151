"""Checks of what callers give and of what comes back."""

from __future__ import annotations

import re

from .errors import NeuroDataError


def number(value: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**53:
        return value
    raise NeuroDataError(f"{value!r} is no number of an asset, version or listing.", code="BAD_INPUT", remedy="Give a whole number from 1 up.")


def optional(value: int | None) -> int | None:
    return None if value is None else number(value)


def identifier(text: str, prefix: str) -> str:
    if isinstance(text, str) and re.fullmatch(rf"0x{prefix}[0-9a-f]{{62}}", text.lower()):
        return text.lower()
    what = "an order" if prefix == "01" else "a run"
    raise NeuroDataError(f"{text!r} is not the id of {what}.", code="BAD_INPUT", remedy=f"It is 0x{prefix} and 62 hexadecimal digits.")


def field(value: object, name: str) -> object:
    if isinstance(value, dict) and name in value:
        return value[name]
    raise NeuroDataError(f"The answer has no {name}.", code="BAD_ANSWER", remedy="Use versions of this package and of the program that belong together.")


def items(value: object) -> list[object]:
    if isinstance(value, list):
        return value
    raise NeuroDataError("The answer is no list.", code="BAD_ANSWER", remedy="Use versions of this package and of the node that belong together.")
