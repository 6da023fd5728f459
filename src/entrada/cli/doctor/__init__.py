"""`entrada doctor`: look at everything that can be wrong, and say how to mend it."""

import asyncio
import os
from pathlib import Path

import click

from entrada.cli.doctor.certificate import certificate
from entrada.cli.doctor.database import database
from entrada.cli.doctor.files import files
from entrada.cli.doctor.finding import Finding, Level, Patient
from entrada.cli.doctor.machine import machine
from entrada.cli.doctor.network import network
from entrada.cli.doctor.trust_variables import trust_variables
from entrada.cli.doctor.vault import vault
from entrada.cli.endings import FAILED
from entrada.cli.places import place, place_options
from entrada.server import app
from entrada.server.settings import unsafe_settings

_SIGNS = {
    Level.GOOD: click.style("ok  ", fg="green"),
    Level.NOTE: click.style("note", dim=True),
    Level.WARNING: click.style("warn", fg="yellow"),
    Level.BAD: click.style("BAD ", fg="red", bold=True),
}


@click.command()
@click.option("--quiet", is_flag=True, help="Only what is not well.")
@place_options
@click.pass_context
def doctor(ctx: click.Context, /, *, quiet: bool, config: Path | None, data_dir: Path | None) -> None:
    """Look for what is wrong, and say how to mend it.

    Looks at Python, the clock, the data folder, the database, keys, certificates, the port, and the variables of this
    shell by which clients trust `entrada up`; at the vault of profiles and tokens, and who keeps its key. Changes
    nothing. The exit code is 1 where something is wrong; a warning is something to look at soon.
    """
    here = place(config, data_dir)
    findings = asyncio.run(_examine(Patient(here, os.environ, app.clock())))
    kind = "development" if here.development else "production"
    click.echo(f"The {kind} installation in {here.folder}")
    for finding in findings:
        if not quiet or finding.level in (Level.WARNING, Level.BAD):
            _show(finding)
    if any(finding.level is Level.BAD for finding in findings):
        ctx.exit(FAILED)


async def _examine(patient: Patient) -> list[Finding]:
    unsafe = [] if patient.place.development else list(unsafe_settings(patient.place.settings))
    found = [
        *machine(patient),
        *(Finding(Level.BAD, line) for line in unsafe),
        *files(patient),
        *await database(patient),
        *certificate(patient),
        *network(patient),
        *trust_variables(patient),
        *vault(patient),
    ]
    return list(dict.fromkeys(found))  # what two looks both found is said once


def _show(finding: Finding) -> None:
    click.echo(f"  {_SIGNS[finding.level]}  {finding.what}")
    if finding.advice:
        click.echo(f"        {finding.advice}")
