"""A token for people: each claim with its meaning, times as they are read, and what is wrong at the end."""

import json
import shutil
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, cast

import click

from entrada.cli.shown import cell
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.tokens.claim_words import HEADERS, MOMENTS, claim_words
from entrada.core.protocol.tokens.findings import Finding, moment, span
from entrada.core.protocol.tokens.taken_apart import TakenApart

_WIDEST: Final = 100


def header_lines(token: TakenApart) -> Iterator[str]:
    for name, value in token.header.items():
        yield from _member(name, [_text(value)], HEADERS.get(name, ""))


def claim_lines(token: TakenApart, now: NumericDate) -> Iterator[str]:
    for name, value in token.claims.items():
        yield from _member(name, _values(name, value, now), claim_words(name))


def finding_lines(found: Sequence[Finding]) -> Iterator[str]:
    """What makes it useless first."""
    for one in sorted(found, key=lambda one: not one.bad):
        mark = click.style("wrong", fg="red", bold=True) if one.bad else click.style("note ", fg="yellow")
        first, *rest = _wrapped(cell(one.words), 7)
        yield f"{mark}  {first}"
        yield from (f"       {line}" for line in rest)


def _member(name: str, values: Sequence[str], words: str) -> Iterator[str]:
    yield (
        f"  {click.style(cell(name), bold=True)}  {values[0]}" if values else f"  {click.style(cell(name), bold=True)}"
    )
    yield from (f"      {value}" for value in values[1:])
    if words:
        yield from (f"      {click.style(line, dim=True)}" for line in _wrapped(words, 6))


def _wrapped(words: str, indent: int) -> list[str]:
    width = max(20, min(_WIDEST, shutil.get_terminal_size().columns) - indent)
    return textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=False) or [""]


def _values(name: str, value: object, now: NumericDate) -> list[str]:
    at = moment(value) if name in MOMENTS else None
    if at is not None:
        return [f"{value}  {iso(at)} ({_relative(at, now)})"]
    if isinstance(value, list):
        return [_text(one) for one in cast("list[object]", value)] or ["(empty)"]
    if isinstance(value, str) and name in ("scp", "scope"):
        return [_text(one) for one in value.split()] or ["(empty)"]
    return [_text(value)]


def _text(value: object) -> str:
    return cell(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def iso(at: NumericDate) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _relative(at: NumericDate, now: NumericDate) -> str:
    return f"in {span(at - now)}" if at > now else f"{span(now - at)} ago"


def as_data(
    token: TakenApart, found: Sequence[Finding], now: NumericDate, verified: Mapping[str, object]
) -> dict[str, object]:
    """Without the signature: what is pasted into a ticket opens nothing."""
    ends = moment(token.claims.get("exp"))
    return {
        "header": token.header,
        "claims": token.claims,
        "expires_at": None if ends is None else iso(ends),
        "expires_in": None if ends is None else ends - now,
        **verified,
        "valid": not any(one.bad for one in found),
        "findings": [{"words": one.words, "bad": one.bad} for one in found],
    }
