"""Which object a name on the command line means."""

from urllib.parse import quote

import click

from entrada.cli.desk import Desk, Json
from entrada.core.directory.ids import parse_guid


def quoted(text: str) -> str:
    """As a string literal of OData, ready for a URL."""
    doubled = text.replace("'", "''")
    return quote(f"'{doubled}'", safe="'")


def by_name(desk: Desk, collection: str, what: str, name: str) -> Json:
    """The one object of this id or display name."""
    if parse_guid(name) and (found := desk.find(f"/{collection}/{name}")):
        return found
    named = list(desk.every(f"/{collection}?$filter=displayName eq {quoted(name)}", most=2))
    if len(named) == 1:
        return named[0]
    if named:
        raise click.ClickException(f"Several {what}s are called {name}: say which by its id.")
    raise click.ClickException(f"There is no {what} {name}.")


def application(desk: Desk, name: str) -> Json:
    """By its client id, its object id or its display name."""
    found = desk.find(f"/applications(appId='{name}')") if parse_guid(name) else None
    return found or by_name(desk, "applications", "application", name)


def searched(words: str) -> str:
    """As `$search` takes them, ready for a URL."""
    plain = words.replace("\\", " ").replace('"', " ")
    return quote(f'"displayName:{plain}"', safe="")
