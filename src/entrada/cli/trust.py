"""`entrada trust`: how each kind of client is told to trust the certificate of `entrada up`."""

from pathlib import Path

import click

from entrada.cli.data_folder import data_dir_option, development_folder
from entrada.server.local_ca import TlsFiles, files_in, trust_lines


@click.command()
@click.option("--shell", is_flag=True, help='Only the variables, for: eval "$(entrada trust --shell)"')
@data_dir_option("development")
def trust(*, shell: bool, data_dir: Path | None) -> None:
    """Show how each kind of client trusts the certificate of `entrada up`.

    Its authority vouches for this machine's own names and no other, and the authority's key was thrown away when it had
    signed: trusting it lets nobody pretend to be anyone else.

    Variables are read when a program starts, so set them before it. A bundle holds your system's roots too: everything
    else stays trusted.
    """
    folder = development_folder(data_dir)
    tls = files_in(folder / "tls")
    if tls is None:
        raise click.ClickException(f"There is no certificate in {folder} yet; the first `entrada up` makes it.")
    for line in _variables(tls) if shell else _explained(tls):
        click.echo(line)


def _variables(tls: TlsFiles) -> list[str]:
    return [line for _, line in trust_lines(tls) if line.startswith("export ")]


def _explained(tls: TlsFiles) -> list[str]:
    lines = [
        "The authority is",
        f"  {tls.ca.absolute()}",
        "and your system's roots with it, for clients that take one file",
    ]
    lines += [f"  {tls.bundle.absolute()}"]
    for who, line in trust_lines(tls):
        lines += ["", click.style(who, bold=True), f"  {line}"]
    return lines
