"""`entrada config create`, `edit` and `delete`."""

import os
from collections.abc import Callable
from typing import Any

import click
from attrs import evolve

from entrada.cli.profiles.asking import ask, completed, edited, with_secret
from entrada.cli.profiles.given import UNSETTABLE, Given, applied
from entrada.cli.profiles.named import existing, kept, name_of, not_found, now_iso, one_name, profile_named, told
from entrada.cli.profiles.options import given_options
from entrada.cli.profiles.profile import Kind, Profile, Where
from entrada.cli.profiles.rules import wrong_with
from entrada.cli.tokens.chosen import a_person_is_there

_interactive = click.option(
    "--interactive/--non-interactive",
    default=None,
    help="Ask for everything, or for nothing.  [default: what is missing]",
)


# ---- create ----


@click.command()
@profile_named
@given_options
@_interactive
def create(*, name: str | None, called: str | None, given: Given, interactive: bool | None) -> None:
    """Make a profile.

    At a terminal it asks for what is missing; elsewhere the line says which option is. The secret is read from standard
    input, from an environment variable, or typed unseen; it goes to the vault of this machine, never into the file.

    \b
    a person signs in (public client):
      entrada config create graph --tenant contoso.example --client-id ID --scope User.Read
    on a machine without a browser:
      entrada config create ssh --tenant contoso.example --client-id ID --flow device-code
    a daemon with a secret, or with a certificate:
      entrada config create nightly --tenant contoso.example --client-id ID --client-secret-stdin < secret.txt
      entrada config create nightly --tenant contoso.example --client-id ID --certificate nightly.pem
    entrada, another cloud, External ID, any OpenID Connect provider:
      entrada config create here --authority https://localhost:8443/TENANT --client-id ID --ca ca.pem
      entrada config create gov --instance us-government --tenant contoso.example --client-id ID
      entrada config create other --issuer https://accounts.example.com --client-id ID
    """
    may_ask = a_person_is_there() and interactive is not False
    wanted = one_name(name, called)
    if wanted is None and may_ask:
        wanted, interactive = ask("Profile name"), interactive is not False
    wanted = name_of(wanted, None, by_default=False)
    profiles = kept()
    _require_free(profiles.all(), wanted)
    given = completed(given, may_ask=may_ask, thorough=bool(interactive) and may_ask)
    made = _require_right(_new(wanted, given))
    _require_usable(made, given, None)

    def with_it(before: tuple[Profile, ...]) -> tuple[Profile, ...]:
        _require_free(before, wanted)
        return (*before, made)

    where = _keeping(made, given.secret, lambda: profiles.change(with_it))
    told(f"Profile '{wanted}' created successfully!{where}")


def _new(name: str, given: Given) -> Profile:
    now = now_iso()
    bare = Profile(id=os.urandom(8).hex(), name=name, where=Where(), client_id="", created_at=now, updated_at=now)
    return applied(bare, given)


def _require_free(profiles: tuple[Profile, ...], name: str) -> None:
    if any(one.is_called(name) for one in profiles):
        raise click.ClickException(
            f"Profile '{name}' already exists. Change it with: entrada config edit, or choose a different name."
        )


def _require_right(profile: Profile) -> Profile:
    wrong = wrong_with(profile)
    if wrong is not None:
        raise click.UsageError(f"Profile validation failed: {wrong.member} {wrong.words}")
    return profile


def _require_usable(profile: Profile, given: Given, before: Profile | None) -> None:
    """A certificate opens with its password, now and not at night.  Raises BadCredential."""
    if profile.proof.kind is not Kind.CERTIFICATE or (given.certificate is None and given.secret is None):
        return
    from entrada.cli.profiles.kept_secret import secret_of, vault_here
    from entrada.client.grants.certificate import read_certificate

    kept = before is not None and before.proof.kind is Kind.CERTIFICATE and given.secret is None
    password = secret_of(vault_here(), profile) if kept else given.secret
    if profile.proof.path is not None:
        read_certificate(profile.proof.path, profile.client_id, password)


def _keeping(profile: Profile, secret: str | None, change: Callable[[], Any]) -> str:
    """Keep the secret, then *change* the file; neither without the other.  Where it is kept, as words."""
    if secret is None:
        change()
        return ""
    from entrada.cli.profiles.kept_secret import keep, secret_of, vault_here

    vault = vault_here()
    before = secret_of(vault, profile)
    keep(vault, profile, secret)
    try:
        change()
    except BaseException:
        vault.change(profile.secret_name, lambda _: None if before is None else before.encode())
        raise
    return f" Its secret is in the vault ({vault.rung})."


# ---- edit ----


@click.command()
@profile_named
@given_options
@click.option("--rename", metavar="NEW", help="Call it so; its secret and its tokens stay.")
@click.option("--unset", multiple=True, type=click.Choice(UNSETTABLE), help="Say nothing of that any more.")
@_interactive
def edit(
    *,
    name: str | None,
    called: str | None,
    given: Given,
    rename: str | None,
    unset: tuple[str, ...],
    interactive: bool | None,
) -> None:
    """Change a profile: what is not said stays.

    Without an option, at a terminal, it asks for each thing; Enter keeps it.

    \b
      entrada config edit nightly --client-secret-stdin < new-secret.txt
      entrada config edit graph --scope "User.Read Mail.Read"
      entrada config edit graph --rename mail
    """
    profiles = kept()
    before = existing(profiles, name_of(name, called))
    may_ask = a_person_is_there() and interactive is not False
    given = evolve(given, unset=unset)
    if (given == Given() and rename is None and may_ask) or (interactive and may_ask):
        given = edited(before)
    elif given == Given() and rename is None:
        raise click.UsageError("Say what to change, such as --client-secret-stdin or --scope.")
    given = _with_new_proof(given, before, may_ask=may_ask)
    after = _require_right(evolve(applied(before, given), name=rename or before.name))
    _require_usable(after, given, before)

    def replaced(all_of_them: tuple[Profile, ...]) -> tuple[Profile, ...]:
        if rename and not before.is_called(rename):
            _require_free(all_of_them, rename)
        if before not in all_of_them:
            raise not_found(before.name)
        stamped = evolve(after, updated_at=now_iso())
        return tuple(stamped if one == before else one for one in all_of_them)

    where = _keeping(after, given.secret, lambda: profiles.change(replaced))
    if before.proof.has_secret and before.proof.kind is not after.proof.kind and given.secret is None:
        _forget_secret(before)
    told(f"Profile '{after.name}' updated successfully!{where}")


def _with_new_proof(given: Given, before: Profile, *, may_ask: bool) -> Given:
    """A secret or a password that is given alone belongs to the kind there is."""
    proof = given.proof
    if proof is None or proof.kind is not before.proof.kind:
        return with_secret(given, may_ask=may_ask)
    return with_secret(given, may_ask=may_ask, held=proof.kind is not Kind.FEDERATED or before.proof.path is not None)


# ---- delete ----


@click.command()
@profile_named
@click.option("-f", "--force", "--yes", "force", is_flag=True, help="Do not ask.")
def delete(*, name: str | None, called: str | None, force: bool) -> None:
    """Delete a profile, its secret, and the tokens that were got with it."""
    profiles = kept()
    doomed = existing(profiles, name_of(name, called, by_default=False))
    if not force:
        _ask_first(doomed)
    rest = profiles.change(lambda before: tuple(one for one in before if one.id != doomed.id))
    gone = (["its secret"] if _forget_secret(doomed) else []) + _forget_tokens(doomed, rest)
    told(f"Profile '{doomed.name}' deleted successfully!{' Gone with it: ' if gone else ''}{', '.join(gone)}")


def _ask_first(doomed: Profile) -> None:
    if not a_person_is_there():
        raise click.UsageError("Nobody can be asked here: --force deletes without a question.")
    if not click.confirm(f"Are you sure you want to delete profile '{doomed.name}'?", err=True):
        raise click.ClickException("Operation cancelled.")


def _forget_secret(profile: Profile) -> bool:
    from entrada.cli.profiles.kept_secret import forget, vault_here

    return forget(vault_here(), profile)


def _forget_tokens(doomed: Profile, rest: tuple[Profile, ...]) -> list[str]:
    """Those of its authority and client, unless another profile is of both."""
    whose = (doomed.authority.url, doomed.client_id)
    if whose in [(one.authority.url, one.client_id) for one in rest]:
        return []
    from entrada.cli.profiles.kept_secret import vault_here
    from entrada.client.token_cache.encrypted_file import EncryptedFileCache

    cache = EncryptedFileCache(vault_here())
    theirs = [one for one, _ in cache.partitions() if (one.authority, one.client_id) == whose]
    for partition in theirs:
        cache.change(partition, lambda _: None)
    return ["its tokens"] if theirs else []
