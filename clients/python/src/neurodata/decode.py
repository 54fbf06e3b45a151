"""From JSON to dataclasses: camelCase fields, checked one by one. Unknown fields are left out, so that nodes may say more."""

from __future__ import annotations

import dataclasses
import types
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from .amounts import Amount
from .errors import NeuroDataError

T = TypeVar("T")


def decode(kind: type[T], value: object) -> T:
    """An object of JSON as an instance of a dataclass.

    :raises NeuroDataError: ``BAD_ANSWER`` naming the field that is missing or of another type
    """
    try:
        made = _decode(kind, value, kind.__name__)
    except _Mismatch as mismatch:
        raise NeuroDataError(
            f"The answer is of another form than expected: {mismatch}.",
            code="BAD_ANSWER",
            remedy="Use versions of this package and of the node that belong together.",
        ) from None
    assert isinstance(made, kind)
    return made


class _Mismatch(Exception):
    pass


_known: dict[type[Any], tuple[tuple[str, str, Any, bool], ...]] = {}


def _fields(kind: type[Any]) -> tuple[tuple[str, str, Any, bool], ...]:
    """Of a dataclass: name here, name in JSON, type, and whether it has to be there."""
    if kind not in _known:
        hints = get_type_hints(kind)
        _known[kind] = tuple(
            (field.name, field.metadata.get("json", _camel(field.name)), hints[field.name], field.default is dataclasses.MISSING)
            for field in dataclasses.fields(kind)
        )
    return _known[kind]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def _decode(hint: Any, value: object, where: str) -> Any:
    if hint is Any or hint is object:
        return value
    if hint is Amount:
        return _amount(value, where)
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _first(get_args(hint), value, where)
    if origin is Literal:
        return value if value in get_args(hint) else _refuse(where, " or ".join(map(repr, get_args(hint))))
    if origin is tuple:
        (item, _) = get_args(hint)
        return tuple(_decode(item, one, f"{where}[{index}]") for index, one in enumerate(_expect(list, value, where)))
    if origin is dict:
        (_, item) = get_args(hint)
        return {str(name): _decode(item, one, f"{where}.{name}") for name, one in _expect(dict, value, where).items()}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        return _object(hint, _expect(dict, value, where), where)
    if hint is type(None):
        return None if value is None else _refuse(where, "null")
    if hint is float and type(value) is int:
        return float(value)
    # Not isinstance: True is an int to Python.
    return value if type(value) is hint else _refuse(where, getattr(hint, "__name__", str(hint)))


def _object(kind: type[Any], value: dict[str, object], where: str) -> Any:
    given: dict[str, Any] = {}
    for name, key, hint, needed in _fields(kind):
        if key in value:
            given[name] = _decode(hint, value[key], f"{where}.{key}")
        elif needed:
            raise _Mismatch(f"{where} has no {key}")
    return kind(**given)


def _first(hints: tuple[Any, ...], value: object, where: str) -> Any:
    problems: list[str] = []
    for hint in hints:
        try:
            return _decode(hint, value, where)
        except _Mismatch as mismatch:
            problems.append(str(mismatch))
    raise _Mismatch(problems[0])


def _amount(value: object, where: str) -> Amount:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 78:
        return Amount(int(value))
    raise _Mismatch(f"{where} is no amount in base units")


def _expect(kind: type[T], value: object, where: str) -> T:
    if isinstance(value, kind):
        return value
    raise _Mismatch(f"{where} is no {kind.__name__}")


def _refuse(where: str, wanted: str) -> Any:
    raise _Mismatch(f"{where} is not {wanted}")
