"""How profiles are printed: for people, as data, as bare names."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import click

from entrada.cli.data_output import as_json, as_yaml
from entrada.cli.line_breaks import broken
from entrada.cli.profiles.members import written
from entrada.cli.profiles.profile import Profile
from entrada.cli.shown import cell, lines_of_one
from entrada.cli.table import table


def _place(profile: Profile) -> str:
    return profile.authority.url if profile.names_authority else "this machine's"


_AS_DATA: Final[Mapping[str, Callable[[object], str]]] = {"json": as_json, "yaml": as_yaml}
_COLUMNS: Final[Mapping[str, Callable[[Profile], object]]] = {
    "name": lambda one: one.name,
    "authority": _place,
    "client id": lambda one: one.client_id,
    "authentication": lambda one: one.proof.kind.value,
    "flow": lambda one: one.default_flow.value,
}
_MORE: Final[Mapping[str, Callable[[Profile], object]]] = {
    "scopes": lambda one: " ".join(one.scopes),
    "updated": lambda one: one.updated_at,
    "id": lambda one: one.id,
}


def listed(profiles: Sequence[Profile], output: str, *, verbose: bool, width: int | None = None) -> Iterable[str]:
    """*width*: of the terminal; a table that is wider becomes a paragraph for each."""
    if output in _AS_DATA:
        return [_AS_DATA[output]([written(one) for one in profiles])]
    if output == "names":
        return [cell(one.name) for one in profiles]
    columns = {**_COLUMNS, **(_MORE if verbose else {})}
    rows = [[cell(read(one)) for read in columns.values()] for one in profiles]
    if not rows:
        return []
    whole = table(list(columns), rows)
    if width is None or max(len(click.unstyle(line)) for line in whole.splitlines()) <= width:
        return [whole]
    return [_paragraph(list(columns), row, width) for row in rows]


def _paragraph(headings: Sequence[str], row: Sequence[str], width: int) -> str:
    room = width - max(map(len, headings)) - 2
    values = {name: list(broken(value, max(room, 20))) for name, value in zip(headings, row, strict=True) if value}
    return "\n".join([*lines_of_one(values), ""])


def shown(profile: Profile, output: str, *, secret_kept: str | None, secret: str | None) -> Iterable[str]:
    if output in _AS_DATA:
        kept = {} if secret_kept is None else {"secretKept": secret_kept}
        return [_AS_DATA[output](written(profile) | kept | ({} if secret is None else {"secret": secret}))]
    rows: dict[str, Any] = {
        "name": profile.name,
        "authority": _place(profile),
        "client id": profile.client_id,
        "scopes": list(profile.scopes),
        "flow": profile.default_flow.value + ("" if profile.flow else " (from its authentication)"),
        "authentication": profile.proof.kind.value,
        "file": profile.proof.path,
        "secret": secret_kept,
        "secret itself": secret,
        "redirect URI": profile.redirect_uri,
        "trusted roots": profile.ca_file,
        "made": profile.created_at,
        "changed": profile.updated_at,
        "id": profile.id,
    }
    return lines_of_one({heading: value for heading, value in rows.items() if value})
