"""`entrada keys`: the keys that sign tokens, and the master key under which they are sealed."""

import asyncio
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from entrada.cli.places import Place, opened_installation, opened_store, place, place_options
from entrada.cli.table import table
from entrada.core.directory.ids import ANY_TENANT
from entrada.core.jose import base64url, key_rotation
from entrada.core.jose.key_rotation import TooSoon
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.jose.signing_key_record import SigningKeyRecord
from entrada.core.sealing.envelope import NotSealed
from entrada.core.sealing.keys import KEY_BYTES
from entrada.server import app
from entrada.server.usecases import rotate_keys
from entrada.server.usecases.audited import operator

_COLOURS = {"signing": "green", "next": "cyan", "retired": "bright_black"}


@click.group()
def keys() -> None:
    """List and rotate the signing keys; make a master key.

    Tokens are signed by one key. The next one is published a day before it signs, so that everybody knows it by then; a
    retired one stays published until its last token has expired. The server rotates by itself every 90 days.
    """


@keys.command("list")
@place_options
def list_(*, config: Path | None, data_dir: Path | None) -> None:
    """List the signing keys, oldest first."""
    records = asyncio.run(_records(place(config, data_dir)))
    if not records:
        click.echo("There is no key yet: the first start of a server makes two.", err=True)
        return
    now = app.clock()
    click.echo(table(("", "state", "kid", "when"), [_row(one, records, now) for one in records]))


async def _records(here: Place) -> tuple[SigningKeyRecord, ...]:
    async with opened_store(here) as store:
        return await store.list_signing_keys()


def _row(one: SigningKeyRecord, records: Sequence[SigningKeyRecord], now: NumericDate) -> tuple[str, ...]:
    state = _state(one, records, now)
    return (str(one.sequence), click.style(state, fg=_COLOURS[state]), one.kid, _when(one))


def _when(one: SigningKeyRecord) -> str:
    if one.retired_at is not None:
        return f"until {_date(one.retired_at)}, published until {_date(one.forgotten_at)}"
    if one.signs_from is not None:
        return f"since {_date(one.signs_from)}"
    return f"published {_date(one.published_at)}, may sign a day later"


def _state(one: SigningKeyRecord, records: Sequence[SigningKeyRecord], now: NumericDate) -> str:
    if one.signs_from is None:
        return "next"
    return "signing" if key_rotation.signer(records, now) == one else "retired"


def _date(moment: NumericDate | None) -> str:
    return "" if moment is None else f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%MZ}"


@keys.command()
@click.option("--now", "at_once", is_flag=True, help="Even if the next key is not known everywhere yet.")
@place_options
def rotate(*, at_once: bool, config: Path | None, data_dir: Path | None) -> None:
    """Let the next key sign from now on.

    Refused before the next key has been published for a day, since those who check tokens look for new keys daily:
    until they do, they would refuse its tokens. After a theft that is the lesser evil, hence --now. Running servers
    follow within seconds.
    """
    rotated = asyncio.run(_rotate(place(config, data_dir), at_once=at_once))
    if isinstance(rotated, TooSoon):
        raise click.ClickException(
            f"The next key may sign from {_date(rotated.ready_at)}, published for a day by then; --now does not wait."
        )
    click.echo(f"Key {rotated.sequence} signs now: {rotated.kid}")


async def _rotate(here: Place, *, at_once: bool) -> SigningKeyRecord | TooSoon:
    async with opened_installation(here) as installation:
        await rotate_keys.ensure(installation)
        try:
            await installation.signing_keys.signer(installation.clock())
        except NotSealed:  # a new key under this one would be one that no server can open
            raise click.ClickException(
                "The signing keys are sealed under another master key; nothing was done."
            ) from None
        return await rotate_keys.rotate(installation, operator(installation, ANY_TENANT), at_once=at_once)


@keys.command()
def master() -> None:
    """Make a master key and print it.

    Everything that is sealed rests on it: signing keys, codes, refresh tokens, cookies. Keep it apart from the database
    and its backups, and do not lose it: without it nobody stays signed in, and the signing keys are gone.

    \b
      (umask 077; entrada keys master > master.key)
    """
    click.echo(base64url.encode(os.urandom(KEY_BYTES)))
    if sys.stdout.isatty():
        click.echo(
            "Put it where ENTRADA_MASTER_KEY or ENTRADA_MASTER_KEY_FILE finds it, apart from the database.", err=True
        )
