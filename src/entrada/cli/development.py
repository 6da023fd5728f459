"""Set up the development installation in a folder: keys, database, directory, certificates."""

import asyncio
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from secrets import token_urlsafe

import click
from attrs import frozen

from entrada.core.jose import base64url
from entrada.core.sealing.keys import KEY_BYTES, MasterKey
from entrada.server import app
from entrada.server.settings import Settings
from entrada.server.store.sql.migrate import migrate, pending
from entrada.server.usecases import rotate_keys
from entrada.server.usecases.apply_directory import FileRefused, apply_directory
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.settle_credentials import (
    Credentials,
    MadeCredential,
    Replacement,
    ReplaceSeed,
    SeedCredential,
)


@frozen
class Prepared:
    here: Installation
    made: tuple[MadeCredential, ...]  # shown once: nobody knows them otherwise
    first_run: bool


def development_master_key(folder: Path) -> MasterKey:
    """Made in the data folder, mode 0600; raises click.ClickException for a spoiled one."""
    path = folder / "master.key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(base64url.encode(os.urandom(KEY_BYTES)) + "\n")
    except FileExistsError:
        pass
    try:
        return MasterKey.parse(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise click.ClickException(f"{path}: {error} Or delete the folder to begin anew.") from None


async def prepare(settings: Settings, folder: Path, *, exposed: bool) -> Prepared:
    """*exposed*: no credential that stands in the documentation is ever stored."""
    master = development_master_key(folder)
    if await asyncio.to_thread(pending, settings.database_url):
        await asyncio.to_thread(migrate, settings.database_url)
    here = app.install(settings, master, development=True)
    first_run = not await here.store.list_tenants()
    made: tuple[MadeCredential, ...] = ()
    if first_run or (exposed and await here.store.find_seed() is not None):
        made = await _seed(here, exposed=exposed)
    await rotate_keys.ensure(here)
    return Prepared(here, made, first_run)


async def _seed(here: Installation, *, exposed: bool) -> tuple[MadeCredential, ...]:
    text = files("entrada.server").joinpath("development.yaml").read_text(encoding="utf-8")
    credentials = Credentials(
        hash_password=here.hasher.hash,
        verify_password=lambda password, hashed: here.hasher.verify(hashed, password),
        environment=os.environ,
        replace_seed=_replacement(os.environ) if exposed else None,
    )
    plan = await apply_directory(text, here.store, here.clock(), credentials)
    if isinstance(plan, FileRefused):
        raise click.ClickException("The development directory does not apply: " + "; ".join(map(str, plan.faults)))
    return plan.made


def _replacement(environment: Mapping[str, str]) -> ReplaceSeed:
    """A seed credential's value from the environment, or a new random one."""

    def replace(seed: SeedCredential) -> Replacement | None:
        given = environment.get(variable_of(seed))
        return Replacement(given or token_urlsafe(21), made=given is None)

    return replace


def variable_of(seed: SeedCredential) -> str:
    """ENTRADA_PASSWORD_BEN for ben@colors.example, ENTRADA_SECRET_REPSYS for the app repsys."""
    owner = seed.owner.partition("@")[0]
    name = "".join(letter if letter.isalnum() else "_" for letter in owner).upper()
    return f"ENTRADA_{'PASSWORD' if seed.kind == 'password' else 'SECRET'}_{name}"
