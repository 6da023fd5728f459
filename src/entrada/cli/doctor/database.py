"""Does the database answer, is it up to date, and is what lies in it fit to serve?"""

from collections.abc import Iterator
from typing import Final

import click

from entrada.cli.databases import shown
from entrada.cli.doctor.finding import Finding, Level, Patient
from entrada.cli.places import is_installed, master_key, opened_store
from entrada.core.jose import key_rotation
from entrada.core.sealing.envelope import NotSealed
from entrada.core.sealing.keyring import Keyring
from entrada.server.settings import UnsafeSetting
from entrada.server.store.port import Store, StoreUnavailable
from entrada.server.usecases.signing_keys import SigningKeys

_CLOCKS_DIFFER: Final = 60


async def database(patient: Patient) -> list[Finding]:
    if patient.place.development and not is_installed(patient.place):
        return [Finding(Level.NOTE, "there is no database yet", "entrada up makes it.")]
    try:
        async with opened_store(patient.place) as store:
            found = [Finding(Level.GOOD, f"the database {shown(patient.place.settings)} answers and is up to date")]
            found += await _tenants(patient, store)
            found += _seed(patient, await store.find_seed())
            return [*found, *await _signing_keys(patient, store)]
    except click.ClickException as refused:
        return [Finding(Level.BAD, refused.message)]
    except StoreUnavailable as error:
        return [Finding(Level.BAD, f"The database does not answer: {error}")]


async def _tenants(patient: Patient, store: Store) -> list[Finding]:
    found = await store.list_tenants()
    if found or patient.place.development:
        return []
    return [Finding(Level.NOTE, "there is no tenant yet, so nobody can sign in", "entrada tenant create")]


def _seed(patient: Patient, seed: str | None) -> Iterator[Finding]:
    if seed is None:
        yield Finding(Level.GOOD, "no credential of the documentation is left")
    elif patient.place.development:
        yield Finding(Level.NOTE, "passwords and secrets are those of the documentation, for this machine only")
    else:
        yield Finding(
            Level.BAD, f"{seed} is as the documentation prints it", "Change it: entrada serve refuses to start."
        )


async def _signing_keys(patient: Patient, store: Store) -> list[Finding]:
    records = await store.list_signing_keys()
    if not records:
        return [Finding(Level.NOTE, "there is no signing key yet", "The first start of a server makes two.")]
    found = list[Finding]()
    if max(one.published_at for one in records) > patient.now + _CLOCKS_DIFFER:
        found.append(
            Finding(Level.BAD, "a signing key was published in the future", "The clock is or was wrong: set it.")
        )
    try:
        keys = SigningKeys(store, Keyring(master_key(patient.place)))
        signer = await keys.signer(patient.now)
    except UnsafeSetting:
        return found  # said already, of the master key
    except NotSealed:
        advice = "Set the master key they were made with; without it they are lost."
        return [*found, Finding(Level.BAD, "the signing keys are sealed under another master key", advice)]
    found.append(Finding(Level.GOOD, f"key {signer.kid} signs"))
    if key_rotation.is_due(records, patient.now):
        advice = "A running server rotates by itself; or: entrada keys rotate"
        found.append(Finding(Level.WARNING, "the signing key is older than 90 days", advice))
    return found
