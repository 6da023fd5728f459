"""Ask a person for what a profile lacks; where nobody can be asked, say which option is missing."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click
from attrs import evolve

from entrada.cli.profiles.given import Given
from entrada.cli.profiles.options import KindType
from entrada.cli.profiles.profile import Kind, Profile
from entrada.cli.profiles.rules import is_tenant
from entrada.cli.profiles.words import FlowName, parse_scopes

GRAPH: Final = "https://graph.microsoft.com/.default"
_NEEDS_FILE: Final = {Kind.CERTIFICATE: "--certificate", Kind.FEDERATED: "--federated-token-file"}


def ask(question: str, **how: Any) -> str:
    """On standard error: standard output is for data."""
    answer: str = click.prompt(question, err=True, **how)
    return answer.strip() if not how.get("hide_input") else answer


def ask_secret(question: str, *, confirmed: bool = False, optional: bool = False) -> str:
    shown = {"default": "", "show_default": False} if optional else {}
    return ask(question, hide_input=True, confirmation_prompt=confirmed, **shown)


# ---- a new profile ----


def completed(given: Given, *, may_ask: bool, thorough: bool) -> Given:
    """With all that a new profile needs.  *thorough*: ask for what could be said, too.  Raises UsageError."""
    lacks = _lacking(given)
    if lacks and not may_ask:
        raise click.UsageError(f"Missing {_listed(lacks)}: nobody can be asked here.")
    if lacks or thorough:
        given = _asked(given)
    return with_secret(given, may_ask=may_ask)


def _lacking(given: Given) -> list[str]:
    if given.kind is Kind.MANAGED_IDENTITY:
        return []
    place = [] if given.names_place else ["--tenant (or --authority, or --issuer)"]
    return place + ([] if given.client_id else ["--client-id"])


def _asked(given: Given) -> Given:
    if not given.names_place:
        given = evolve(given, tenant=_ask_for("Tenant ID or domain", _tenant))
    if not given.client_id:
        given = evolve(given, client_id=_ask_for("Client ID", _client_id))
    if given.scopes is None:
        given = evolve(given, scopes=parse_scopes(ask("Scopes, separated by spaces or commas", default=GRAPH)))
    return given if given.proof or given.secret else evolve(given, kind=_kind(Kind.NONE))


def _ask_for(question: str, judged: Callable[[str], str]) -> str:
    """An empty answer is judged too: it is told what it might have been."""
    return ask(question, value_proc=judged, default="", show_default=False)


def _tenant(text: str) -> str:
    if not is_tenant(text.strip()):
        raise click.UsageError(
            "It is a GUID or a domain, such as contoso.example. For the URL of an authority begin anew with "
            "--authority URL, for an OpenID Connect provider with --issuer URL."
        )
    return text.strip()


def _client_id(text: str) -> str:
    if not text.strip():
        raise click.UsageError(
            "It is the id that the application was registered with, such as 11111111-1111-4111-8111-111111111111."
        )
    return text.strip()


def _kind(default: Kind) -> Kind:
    click.echo("  none: a person signs in; the others show that it is this application", err=True)
    return KindType().convert(
        ask("Authentication method", type=click.Choice([one.value for one in Kind]), default=default.value), None, None
    )


def with_secret(given: Given, *, may_ask: bool, held: bool = False) -> Given:
    """With the file and the secret that its kind needs.  *held*: the profile has them already.  Raises UsageError."""
    proof = given.proof
    if proof is None:
        return given
    if proof.kind in _NEEDS_FILE and proof.path is None and not held:
        given = _with_file(given, proof.kind, may_ask=may_ask)
    if given.certificate is not None and not given.certificate.expanduser().is_file():
        raise click.ClickException(f"Certificate file not found: {given.certificate}")
    if given.secret is not None or held:
        return given
    if proof.kind is Kind.SECRET:
        if not may_ask:
            raise click.UsageError("Missing --client-secret-stdin (or --client-secret-env): nobody can be asked here.")
        return evolve(given, secret=ask_secret("Client secret"))
    if proof.kind is Kind.CERTIFICATE and may_ask:
        return evolve(given, secret=ask_secret("Password of the certificate (Enter: none)", optional=True) or None)
    return given


def _with_file(given: Given, kind: Kind, *, may_ask: bool) -> Given:
    if not may_ask:
        raise click.UsageError(f"Missing {_NEEDS_FILE[kind]}: nobody can be asked here.")
    if kind is Kind.CERTIFICATE:
        return evolve(given, certificate=Path(ask("Certificate file (PEM with its key, .pfx, .p12)")).expanduser())
    return evolve(given, token_file=Path(ask("File of the federated token")).expanduser())


def _listed(names: list[str]) -> str:
    return " and ".join(names)


# ---- one that there is ----


def edited(profile: Profile) -> Given:
    """Enter keeps each."""
    where = profile.where
    given = Given(
        tenant=_kept("Tenant ID or domain", where.tenant),
        authority=_kept("Authority", where.authority),
        issuer=_kept("Issuer", where.issuer),
        client_id=_kept("Client ID", profile.client_id),
    )
    scopes = parse_scopes(ask("Scopes", default=" ".join(profile.scopes), show_default=True))
    flow = ask(
        "Flow",
        type=click.Choice(["default", *(one.value for one in FlowName)]),
        default=profile.flow.value if profile.flow else "default",
    )
    kind = _kind(profile.proof.kind)
    given = evolve(
        given,
        scopes=scopes if scopes != profile.scopes else None,
        flow=FlowName(flow) if flow != "default" else None,
        unset=("flow",) if flow == "default" and profile.flow else (),
        kind=kind if kind is not profile.proof.kind or kind is Kind.SECRET else None,
    )
    return _with_new_secret(given, profile, kind)


def _with_new_secret(given: Given, profile: Profile, kind: Kind) -> Given:
    if kind is not profile.proof.kind:
        return with_secret(given, may_ask=True)
    if kind is not Kind.SECRET:
        return given
    return evolve(given, secret=ask_secret("Client secret (Enter: keep it)", optional=True) or None)


def _kept(question: str, before: str | None) -> str | None:
    """None: as before, or not of this profile."""
    if not before:
        return None
    answer = ask(question, default=before)
    return None if answer == before else answer
