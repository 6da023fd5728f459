"""`entrada config export` and `import`: profiles on their way to another machine, and in from other tools."""

import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import click
from attrs import evolve

from entrada.cli.endings import NotFound
from entrada.cli.profiles.brought.found import Found, NoProfiles
from entrada.cli.profiles.completing import profile_names
from entrada.cli.profiles.members import written
from entrada.cli.profiles.named import existing, kept, now_iso, told
from entrada.cli.profiles.passphrase import PassphraseFrom, WrongPassphrase, passphrase_options
from entrada.cli.profiles.profile import Profile
from entrada.cli.profiles.rules import wrong_with
from entrada.cli.tokens.private_file import write_private

LARGEST: Final = 4 * 1024 * 1024


# ---- out ----


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=profile_names)
@click.option("-p", "--profile", "-n", "--name", "called", multiple=True, metavar="NAME", help="The same as NAME.")
@click.option("-o", "--output", metavar="FILE", default="-", help="Where to; - for standard output.  [default: -]")
@click.option(
    "--include-secrets", is_flag=True, help="With the secrets of the vault; without, only what the file says."
)
@passphrase_options
def export(
    *,
    names: tuple[str, ...],
    called: tuple[str, ...],
    output: str,
    include_secrets: bool,
    passphrase_stdin: bool,
    passphrase_env: str | None,
) -> None:
    """Write profiles for another machine: those named, or all; always encrypted.

    The key is made of a passphrase by Argon2id; AES-256-GCM notices any change. A certificate is not in it, only where
    it is.

    \b
      entrada config export -o profiles.sealed --include-secrets
      entrada config export graph --passphrase-env PASS | ssh other entrada config import --passphrase-env PASS
    """
    from entrada.cli.profiles.sealed_export import seal  # what encrypts: 40 ms

    profiles = kept()
    wanted = [existing(profiles, name) for name in (*names, *called)] or list(profiles.all())
    if not wanted:
        raise NotFound("No profiles found. Make one with: entrada config create")
    content = {"exportedAt": now_iso(), "profiles": _carried(wanted, include_secrets=include_secrets)}
    passphrase = PassphraseFrom(passphrase_stdin, passphrase_env).read(confirmed=True)
    text = seal(json.dumps(content).encode(), passphrase, os.urandom)
    if output == "-":
        click.echo(text, nl=False)
        return
    write_private(Path(output), text)
    told(f"{_titled(wanted)} exported to: {output}")


def _carried(wanted: Sequence[Profile], *, include_secrets: bool) -> list[dict[str, object]]:
    """Without ids, which are of this machine."""
    bare = [{name: value for name, value in written(one).items() if name != "id"} for one in wanted]
    if not include_secrets:
        return bare
    from entrada.cli.profiles.kept_secret import secret_of, vault_here

    vault = vault_here()
    secrets = [secret_of(vault, one) if one.proof.has_secret else None for one in wanted]
    return [one if secret is None else {**one, "secret": secret} for one, secret in zip(bare, secrets, strict=True)]


# ---- in ----


@click.command("import")
@click.argument("source", required=False, metavar="[FILE]")
@click.option("-i", "--input", "-f", "--file", "named", metavar="FILE", help="The same as FILE; - for standard input.")
@click.option("-n", "--name", "new_name", metavar="NEW", help="Call it so; for one profile.")
@click.option("--overwrite", is_flag=True, help="Replace profiles of the same names, with their secrets.")
@click.option("--dry-run", is_flag=True, help="Only say what would be.")
@passphrase_options
def import_(
    *,
    source: str | None,
    named: str | None,
    new_name: str | None,
    overwrite: bool,
    dry_run: bool,
    passphrase_stdin: bool,
    passphrase_env: str | None,
) -> None:
    """Bring profiles in, all of them or none.

    What it takes is told by its looks: what `entrada config export` writes, a file of profiles, what Entra Auth Cli
    exports, its profiles.json in each spelling, and the TOML of azureauth's aliases. Secrets in it go to the vault.

    \b
      entrada config import profiles.sealed
      entrada config import ~/.config/entra-auth-cli/profiles.json --dry-run
      entrada config import -i graph.txt -n graph2
    """
    where = source or named
    if source and named:
        raise click.UsageError(f"Which one: {source} or {named}?")
    text = _text_of(where, passphrase_stdin=passphrase_stdin)
    given = PassphraseFrom(passphrase_stdin, passphrase_env)
    found = _renamed(_read(text, lambda: given.read(confirmed=False)), new_name)
    if dry_run:
        _require_room(kept().all(), found, overwrite=overwrite)
        for one in found:
            told(f"Profile '{one.profile.name}' would be imported{' with its secret' if one.secret else ''}.")
        return
    _bring_in(found, overwrite=overwrite)
    for one in found:
        told(f"Profile '{one.profile.name}' imported successfully!")


def _text_of(where: str | None, *, passphrase_stdin: bool) -> str:
    if where in (None, "-"):
        if passphrase_stdin:
            raise click.UsageError("Standard input cannot be the file and the passphrase: use --passphrase-env.")
        if where is None and sys.stdin.isatty():
            raise click.UsageError("Missing FILE: name one, or send it to standard input.")
        data = sys.stdin.buffer.read(LARGEST + 1)
    else:
        try:
            with Path(str(where)).expanduser().open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError as error:
            raise NotFound(f"{where} cannot be read: {error.strerror}.") from None
    if len(data) > LARGEST:
        raise click.ClickException("That is too large for a file of profiles.")
    return data.decode("utf-8-sig", errors="replace")


def _read(text: str, passphrase: Callable[[], str]) -> tuple[Found, ...]:
    from entrada.cli.profiles.brought.content import read_brought  # what decrypts: 40 ms

    try:
        found = read_brought(text, passphrase)
    except NoProfiles as error:
        raise click.ClickException(str(error)) from None
    except WrongPassphrase:
        raise click.ClickException("Failed to decrypt profile. Check the passphrase.") from None
    if not found:
        raise click.ClickException("There are no profiles in it.")
    names = [one.profile.name.casefold() for one in found]
    twice = next((one.profile.name for one in found if names.count(one.profile.name.casefold()) > 1), None)
    if twice is not None:
        raise click.ClickException(f"Profile '{twice}' is in it twice.")
    return found


def _renamed(found: tuple[Found, ...], new_name: str | None) -> tuple[Found, ...]:
    if new_name is not None:
        if len(found) > 1:
            raise click.UsageError("--name is for one profile; there are several in it.")
        found = tuple(evolve(one, profile=evolve(one.profile, name=new_name)) for one in found)
    for one in found:
        wrong = wrong_with(one.profile)
        if wrong is not None:
            raise click.UsageError(f"{wrong.member} {wrong.words}")
    return found


def _require_room(there: Sequence[Profile], found: Sequence[Found], *, overwrite: bool) -> None:
    clash = next((one.profile.name for one in found if any(old.is_called(one.profile.name) for old in there)), None)
    if clash is not None and not overwrite:
        raise click.ClickException(
            f"Profile '{clash}' already exists. Choose a different name with --name, or replace it with --overwrite."
        )


def _bring_in(found: Sequence[Found], *, overwrite: bool) -> None:
    """The secrets under new ids first: until the file is written nothing there is touched."""
    fresh = [evolve(one, profile=evolve(one.profile, id=os.urandom(8).hex())) for one in found]
    replaced: list[Profile] = []

    def with_them(before: tuple[Profile, ...]) -> tuple[Profile, ...]:
        _require_room(before, fresh, overwrite=overwrite)
        new = [one.profile for one in fresh]
        replaced.extend(old for old in before if any(old.is_called(one.name) for one in new))
        return (*(one for one in before if one not in replaced), *new)

    profiles = kept()
    _require_room(profiles.all(), fresh, overwrite=overwrite)
    brought = [one for one in fresh if one.secret]
    try:
        _keep_all(brought)
        profiles.change(with_them)
    except BaseException:
        _forget_all([one.profile for one in brought])
        raise
    _forget_all([one for one in replaced if one.proof.has_secret])


def _keep_all(brought: Sequence[Found]) -> None:
    if not brought:
        return
    from entrada.cli.profiles.kept_secret import keep, vault_here

    vault = vault_here()
    for one in brought:
        keep(vault, one.profile, one.secret or "")


def _forget_all(profiles: Sequence[Profile]) -> None:
    if not profiles:
        return
    from entrada.cli.profiles.kept_secret import forget, vault_here

    vault = vault_here()
    for one in profiles:
        forget(vault, one)


def _titled(wanted: Sequence[Profile]) -> str:
    return "Profile" if len(wanted) == 1 else f"{len(wanted)} profiles"
