"""Set up the development installation in a folder: keys, database, directory, certificates."""

import asyncio
import os
from importlib.resources import files
from pathlib import Path

from attrs import frozen

from entrada.cli.data_folder import MASTER_KEY_FILE
from entrada.cli.databases import asking
from entrada.cli.endings import CannotBegin
from entrada.cli.seed_credentials import replacement
from entrada.core.jose import base64url
from entrada.core.sealing.keys import KEY_BYTES, MasterKey
from entrada.server import app
from entrada.server.settings import Settings
from entrada.server.store.sql.migrate import migrate, pending
from entrada.server.usecases import rotate_keys
from entrada.server.usecases.apply_directory import FileRefused, apply_directory
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.settle_credentials import Credentials, MadeCredential


@frozen
class Prepared:
    here: Installation
    made: tuple[MadeCredential, ...]  # shown once: nobody knows them otherwise
    first_run: bool


def development_master_key(folder: Path) -> MasterKey:
    """Made in the data folder, mode 0600; raises CannotBegin for a spoiled one."""
    path = folder / MASTER_KEY_FILE
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(base64url.encode(os.urandom(KEY_BYTES)) + "\n")
    except FileExistsError:
        pass
    try:
        return MasterKey.parse(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise CannotBegin(f"{path}: {error} Or delete the folder to begin anew.") from None


async def prepare(settings: Settings, folder: Path, *, exposed: bool) -> Prepared:
    """*exposed*: no credential that stands in the documentation is ever stored."""
    master = development_master_key(folder)
    if await asyncio.to_thread(asking, pending, settings):
        await asyncio.to_thread(asking, migrate, settings)
    here = app.install(settings, master, development=True)
    first_run = not await here.store.list_tenants()
    made: tuple[MadeCredential, ...] = ()
    if first_run or (exposed and await here.store.find_seed() is not None):
        made = await _seed(here, exposed=exposed)
    if exposed and (seed := await here.store.find_seed()) is not None:
        raise CannotBegin(f"{seed} is known from a file: change it, or expose another --data-dir.")
    await rotate_keys.ensure(here)
    return Prepared(here, made, first_run)


async def _seed(here: Installation, *, exposed: bool) -> tuple[MadeCredential, ...]:
    text = files("entrada.server").joinpath("development.yaml").read_text(encoding="utf-8")
    credentials = Credentials(
        hash_password=here.hasher.hash,
        verify_password=lambda password, hashed: here.hasher.verify(hashed, password),
        environment=os.environ,
        replace_seed=replacement(os.environ) if exposed else None,
    )
    plan = await apply_directory(text, here.store, here.clock(), credentials)
    if isinstance(plan, FileRefused):
        raise CannotBegin("The development directory does not apply: " + "; ".join(map(str, plan.faults)))
    return plan.made
