"""Options of the ``neurodata`` command from Python values. Each is one word with its value behind ``=``, so that no value is ever taken for an option."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from .amounts import format_ncr, parse_ncr
from .errors import NeuroDataError

Value = bool | int | float | str | Sequence[int]


def option(name: str, value: object) -> list[str]:
    """``--name=value``; nothing for None and False, the bare option for True."""
    if value is None or value is False:
        return []
    return [f"--{name}"] if value is True else [f"--{name}={value}"]


def names(values: Iterable[str] | None) -> str | None:
    """Names of columns as a list that the program splits: each in quotes, so that commas stay."""
    if values is None:
        return None
    if isinstance(values, str):
        raise NeuroDataError(f"{values!r} is one text, no list of columns.", code="BAD_INPUT", remedy=f"Write [{values!r}].")
    return ",".join('"' + value.replace('"', '""') + '"' for value in values)


def price(value: str | int | Decimal) -> str:
    """An amount of NCR as the program takes it.

    :raises NeuroDataError: ``BAD_INPUT``
    """
    return format_ncr(parse_ncr(value))


def parameters(values: Mapping[str, Value] | None) -> list[str]:
    """``--set=name=value`` for each parameter of an algorithm."""
    return [f"--set={_name(name)}={_value(name, value)}" for name, value in (values or {}).items()]


def search(values: Mapping[str, Sequence[Value]] | None) -> list[str]:
    """``--try=name=values`` for each parameter that is searched."""
    words: list[str] = []
    for name, tried in (values or {}).items():
        lists = any(isinstance(one, (list, tuple)) for one in tried)
        words.append(f"--try={_name(name)}=" + (";" if lists else ",").join(_value(name, one) for one in tried))
    return words


def _name(name: str) -> str:
    if re.fullmatch(r"\w{1,64}", name):
        return name
    raise NeuroDataError(f"{name!r} is no name of a parameter.", code="BAD_INPUT", remedy="Run `neurodata algorithms NAME` for a list.")


def _value(name: str, value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        # The program would read a file of that name.
        if value.startswith("@"):
            raise NeuroDataError(f"{name} begins with @.", code="BAD_INPUT", remedy="Give the text itself.")
        return value
    return ",".join(repr(int(one)) for one in value)
