"""Answers as data for scripts: JSON and YAML that no terminal is moved by, with nothing but a bare install."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final, cast

from entrada.cli.unseen import spelled_out_in_json


def as_json(value: object) -> str:
    return spelled_out_in_json(json.dumps(value, indent=2, ensure_ascii=False))


def as_yaml(value: object) -> str:
    """In blocks; a scalar is written as JSON has it, which YAML takes (YAML 1.2 §1.3)."""
    return "\n".join(_lines(value))


def _lines(value: object) -> list[str]:
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        return [line for name, one in members.items() for line in _below(f"{_name(name)}:", one, indent="  ")] or ["{}"]
    if isinstance(value, (list, tuple)):
        items = cast("Sequence[object]", value)
        return [line for one in items for line in _item(one)] or ["[]"]
    return [_scalar(value)]


def _below(start: str, value: object, indent: str) -> list[str]:
    lines = _lines(value)
    if not _is_block(value):
        return [f"{start} {lines[0]}"]
    return [start, *(indent + line for line in lines)]


def _item(value: object) -> list[str]:
    first, *rest = _lines(value)
    return [f"- {first}", *(f"  {line}" for line in rest)]


def _is_block(value: object) -> bool:
    return isinstance(value, (Mapping, list, tuple)) and bool(cast("Sequence[object]", value))


def _name(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z][\w-]*", name) and name.lower() not in _WORDS else _scalar(name)


def _scalar(value: object) -> str:
    return spelled_out_in_json(json.dumps(value, ensure_ascii=False))


_WORDS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})  # which some read otherwise
