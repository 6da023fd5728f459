"""`entrada inspect`: what a token says, what each claim means, what is wrong with it; verified where we may."""

import time
from pathlib import Path
from typing import Any

import click

from entrada.cli.endings import BAD_TOKEN, Ended
from entrada.cli.inspecting.brought_token import Source
from entrada.cli.inspecting.look import Look, looked_at
from entrada.cli.inspecting.trusted import Wanted
from entrada.cli.profiles.completing import profile_names
from entrada.cli.tokens.spellings import ScopesType
from entrada.core.jose.numeric_date import NumericDate


@click.command()
@click.argument("token", required=False)
@click.option("-t", "--token", "given", metavar="TOKEN", help="The same as TOKEN.")
@click.option("-f", "--file", metavar="FILE", help="Read it from there; - for standard input.")
@click.option(
    "-p", "--profile", metavar="NAME", shell_complete=profile_names, help="The token that is kept for this profile."
)
@click.option(
    "-s",
    "--scope",
    "scopes",
    type=ScopesType(),
    multiple=True,
    metavar="SCOPE",
    help="Among those: the one for that.  [default: for what the profile asks for]",
)
@click.option(
    "-o", "--output", type=click.Choice(["pretty", "json", "yaml"]), default="pretty", show_default=True,
    help="For people, or as data for scripts.",
)  # fmt: skip
@click.option("--claims", "only", flag_value="claims", help="Nothing but the claims.")
@click.option("--header", "only", flag_value="header", help="Nothing but the header.")
@click.option(
    "--audience", "audiences", multiple=True, metavar="AUD", help="As whom you would take it; may be said again."
)
@click.option(
    "--verify", is_flag=True, help="Check the signature: by the profile's authority, or the running `entrada up`."
)
@click.option("--authority", metavar="URL", help="Check it by the keys of this authority, such as https://HOST/TENANT.")
@click.option("--issuer", metavar="URL", help="Check it by the keys of this OpenID Connect issuer.")
@click.option("--jwks", metavar="FILE|URL", help="Check it by these keys.")
@click.option(
    "--ca",
    "--ca-file",
    "ca_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Roots to trust for that, as PEM.",
)
@click.option("--check", is_flag=True, help="Print nothing: the exit code says whether it is valid.")
@click.pass_context
def inspect(
    ctx: click.Context, /, *, token: str | None, given: str | None, only: str | None, check: bool, **how: Any
) -> None:
    """Show what a token says, what each claim means, and what is wrong with it.

    Nobody is asked about it, and nothing in it is believed, unless you name whom to trust: then its signature is
    checked, and its issuer. Ends with 8 where it is expired, not valid yet, for another audience, or not to be
    believed.

    \b
      entrada get-token | entrada inspect
      entrada inspect "$TOKEN" --audience api://11111111-1111-4111-8111-111111111111
      entrada inspect -p graph --verify
      entrada inspect "$TOKEN" --authority https://login.microsoftonline.com/common
      entrada inspect "$TOKEN" --claims -o json | jq .scp
      entrada inspect --check < token.txt && echo "still good"
    """
    if token and given:
        raise click.UsageError("Give one token.")
    source = Source(
        argument=token or given,
        file=how["file"],
        profile=how["profile"],
        scopes=tuple(one for said in how["scopes"] for one in said),
    )
    wanted = Wanted(**{name: how[name] for name in ("verify", "authority", "issuer", "jwks", "ca_file", "profile")})
    looked = look_at(source, wanted, how["audiences"])
    if not check:
        for line in looked.lines(str(how["output"]), only):
            click.echo(line)
        ctx.exit(BAD_TOKEN if looked.bad else 0)
    end_by(looked)


def look_at(source: Source, wanted: Wanted, audiences: tuple[str, ...] = ()) -> Look:
    """Raises UsageError and NotFound; Ended for what is no token at all."""
    text = source.read()
    return looked_at(text, wanted.found(), audiences, NumericDate(int(time.time())))


def end_by(looked: Look) -> None:
    """Raises Ended for a token that nobody may take."""
    if looked.bad:
        raise Ended(looked.bad[0].words, BAD_TOKEN)
