"""Which installation a command works on: the development folder, or what the settings name."""

import asyncio
import contextlib
import os
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from pathlib import Path
from typing import Any, Final

import click
from attrs import evolve, frozen

from entrada.cli.data_folder import MASTER_KEY_FILE, data_dir_option, default_folder, development_folder
from entrada.cli.databases import require_tables
from entrada.cli.endings import CannotBegin
from entrada.cli.tokens.running import GATEWAY_FILE, SAMPLES_FILE
from entrada.core.directory.ids import ClientId
from entrada.core.sealing.keys import MasterKey
from entrada.server import app
from entrada.server.settings import PREFIX, Settings, UnsafeSetting, check_master_key, is_guessable, read_settings
from entrada.server.store.port import Store
from entrada.server.store.sql.engine import open_store
from entrada.server.usecases.installation import Installation

_MEAN_PRODUCTION: Final = ("CONFIG", "ORIGIN", "DATABASE", "MASTER_KEY", "MASTER_KEY_FILE")
COLORS: Final = "c0105000-0000-4000-8000-000000000001"
_GATEWAY: Final = "https://localhost:8444"  # of an `entrada up` that was not told otherwise
_MEANS: Final = (
    "A TOML file of settings. With it, or with one of ENTRADA_ORIGIN, ENTRADA_DATABASE, ENTRADA_MASTER_KEY and "
    "ENTRADA_MASTER_KEY_FILE set, production is meant; without, what `entrada up` made."
)


@frozen
class Place:
    settings: Settings
    development: bool

    @property
    def folder(self) -> Path:
        return Path(self.settings.data_dir)


def place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    return config_option(_MEANS)(data_dir_option("development, or production")(command))


def config_option(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="ENTRADA_CONFIG",
        show_envvar=True,
        help=words,
    )


def place(config: Path | None, data_dir: Path | None, environment: Mapping[str, str] = os.environ) -> Place:
    if config is None and not any(environment.get(f"ENTRADA_{name}") for name in _MEAN_PRODUCTION):
        return _development(development_folder(data_dir), environment)
    return Place(production(config, environment, data_dir=str(data_dir) if data_dir else None), development=False)


def production(config: Path | None, environment: Mapping[str, str], **given: object) -> Settings:
    """Raises UnsafeSetting for what cannot be read; `check_production` judges the rest."""
    settings = read_settings(environment, config, **given)
    return settings if settings.data_dir else evolve(settings, data_dir=str(default_folder() / "production"))


def _development(folder: Path, environment: Mapping[str, str]) -> Place:
    settings = Settings(
        origin=_remembered(folder / "origin") or Settings().origin,
        data_dir=str(folder),
        egress_allow=environment.get(f"{PREFIX}EGRESS_ALLOW", ""),
        gateway_origin=_remembered(folder / GATEWAY_FILE) or _GATEWAY,
        gateway_tenant=COLORS,
    )
    return Place(settings, development=True)


def _remembered(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def remember_origin(folder: Path, origin: str) -> None:
    """For the commands that make links to a running `entrada up`, or look whether it answers."""
    (folder / "origin").write_text(origin + "\n", encoding="utf-8")


@contextlib.contextmanager
def remembered_samples(folder: Path, ports: Mapping[ClientId, int]) -> Generator[None]:
    """For `entrada curl`, which knows the APIs among them by where they listen; for as long as they do."""
    with _kept(folder / SAMPLES_FILE, "".join(f"{port} {client_id}\n" for client_id, port in ports.items())):
        yield


@contextlib.contextmanager
def remembered_gateway(folder: Path, origin: str) -> Generator[None]:
    """For the commands that speak of its addresses; *origin* is empty where there is none."""
    with _kept(folder / GATEWAY_FILE, f"{origin}\n") if origin else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def _kept(file: Path, text: str) -> Generator[None]:
    file.write_text(text, encoding="utf-8")
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


# ---- working on it ----


def is_installed(here: Place) -> bool:
    """Whether `entrada up` has ever run in the development folder."""
    return (here.folder / "entrada.sqlite3").exists()


def _require_installed(here: Place) -> None:
    if here.development and not is_installed(here):
        raise CannotBegin(f"There is no development installation in {here.folder}. Start one with: entrada up")


@contextlib.asynccontextmanager
async def opened_store(here: Place) -> AsyncGenerator[Store]:
    """Raises CannotBegin for a database that cannot be used as it is."""
    _require_installed(here)
    await asyncio.to_thread(require_tables, here.settings)
    store = open_store(here.settings.database_url)
    try:
        yield store
    finally:
        await store.close()


@contextlib.asynccontextmanager
async def opened_installation(here: Place) -> AsyncGenerator[Installation]:
    """With its master key, so that it can seal and sign.  Raises CannotBegin and UnsafeSetting."""
    _require_installed(here)
    master = master_key(here)
    async with opened_store(here) as store:
        yield app.install(here.settings, master, development=here.development, store=store)


def master_key(here: Place) -> MasterKey:
    """Raises UnsafeSetting."""
    settings = here.settings
    if here.development:
        settings = evolve(settings, master_key_file=str(here.folder / MASTER_KEY_FILE))
    check_master_key(settings)
    master = app.read_master_key(settings)
    if is_guessable(master):
        raise UnsafeSetting("The master key is no random one. Make one with: entrada keys master > master.key")
    return master
