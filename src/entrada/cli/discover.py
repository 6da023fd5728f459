"""`entrada discover`: what an authority publishes, its document and its keys, fetched and checked."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import click

from entrada.cli.endings import FAILED
from entrada.cli.profiles.completing import profile_names
from entrada.core.jose.numeric_date import NumericDate

_SIGNS: Final = {"ok": ("ok  ", "green"), "note": ("note", "yellow"), "bad": ("BAD ", "red")}


def _aliases(command: Callable[..., Any]) -> Callable[..., Any]:
    """Other commands that Entra Auth Cli calls by this name."""
    for option in (
        click.option("-t", "--token", hidden=True),
        click.option("-f", "--file", hidden=True),
        click.option("--quiet", is_flag=True, hidden=True),
        click.option("-s", "--search", hidden=True),
        click.option("--tenant", hidden=True),
    ):
        command = option(command)
    return command


@click.command()
@click.argument("authority", required=False)
@click.option("--issuer", metavar="URL", help="Of an OpenID Connect provider, where its URL looks like a tenant's.")
@click.option("-p", "--profile", metavar="NAME", shell_complete=profile_names, help="The authority of this profile.")
@click.option(
    "-o", "--output", type=click.Choice(["pretty", "json", "yaml"]), default="pretty", show_default=True,
    help="For people, or as data: the checks, the document and the keys.",
)  # fmt: skip
@click.option("--ca", "--ca-file", "ca_file", type=click.Path(dir_okay=False, path_type=Path), help="Roots to trust.")
@_aliases
@click.pass_context
def discover(
    ctx: click.Context,
    /,
    *,
    authority: str | None,
    issuer: str | None,
    profile: str | None,
    output: str,
    ca_file: Path | None,
    **alias: Any,
) -> None:
    """Look at what an authority publishes, and check it.

    AUTHORITY is a URL, or a tenant of Entra's public cloud; without one, the running `entrada up`. Fetched are its
    configuration and its keys; checked are the issuer, each endpoint, the algorithms, the keys and their certificates,
    and how far the two clocks are apart. Ends with 1 where something is wrong, with 5 where nothing answers.

    \b
      entrada discover
      entrada discover contoso.example
      entrada discover https://accounts.example.com
      entrada discover -p graph -o json | jq .document.token_endpoint

    To look at a token: entrada inspect --check. To look for applications: entrada app list --search WORDS.
    """
    if _is_alias(alias, profile):
        return
    from entrada.cli.discovering.meant import meant
    from entrada.cli.discovering.published import published

    where = meant(authority, issuer, profile, ca_file)
    found = published(where.authority, where.ca_file, NumericDate(int(time.time())))
    for line in _lines(found, output):
        click.echo(line)
    ctx.exit(FAILED if found.bad else 0)


def _is_alias(alias: dict[str, Any], profile: str | None) -> bool:
    """A token to check, as Entra Auth Cli's pages have it.  Raises Ended for a bad one, UsageError for a search."""
    token, file = alias["token"], alias["file"]
    if alias["search"] is not None or alias["tenant"] is not None or (token is not None and token.count(".") < 2):
        raise click.UsageError(
            "Applications are looked for by: entrada app list --search WORDS. An authority is named as an argument."
        )
    if token is None and file is None:
        return False
    from entrada.cli.inspect import end_by, look_at
    from entrada.cli.inspecting.brought_token import Source
    from entrada.cli.inspecting.trusted import Wanted

    looked = look_at(Source(argument=token, file=file, profile=profile), Wanted())
    end_by(looked)
    if not alias["quiet"]:
        click.echo("It has not expired; `entrada inspect` says more.", err=True)
    return True


def _lines(found: Any, output: str) -> Iterator[str]:
    from entrada.cli.data_output import as_json, as_yaml
    from entrada.cli.shown import cell

    if output == "pretty":
        yield click.style(cell(found.authority.metadata_url), bold=True)
        for one in found.checks:
            sign, colour = _SIGNS[one.level]
            yield f"{click.style(sign, fg=colour)}  {cell(one.what)}: {cell(one.words)}"
        return
    checks = [{"what": one.what, "level": one.level.value, "words": one.words} for one in found.checks]
    value = {
        "authority": found.authority.url,
        "ok": not found.bad,
        "checks": checks,
        "document": found.document,
        "keys": found.keys,
    }
    yield (as_json if output == "json" else as_yaml)(value)
