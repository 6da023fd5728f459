"""What is asked for: which token, of whom, how it may be come by.  From the options and the profile."""

from typing import Final, NamedTuple
from urllib.parse import urlsplit

import click

from entrada.cli.profiles.profile import Kind
from entrada.cli.profiles.words import FlowName
from entrada.cli.tokens.chosen import Chosen
from entrada.client.authority import Authority, Shape, tenant_authority

_GRAPH: Final = ("https://graph.microsoft.com/.default",)
OF_A_PERSON: Final = frozenset({FlowName.INTERACTIVE, FlowName.AUTHORIZATION_CODE, FlowName.DEVICE_CODE})


class Wishes(NamedTuple):
    """Of the command line alone."""

    scopes: tuple[str, ...] = ()
    flow: FlowName | None = None
    tenant: str | None = None
    account: str | None = None  # a user name or an object id
    account_key: str | None = None  # `Account.key`: that account and no other, whatever it is called
    claims: str | None = None
    redirect_uri: str | None = None
    port: int | None = None
    timeout: float | None = None  # seconds
    force: bool = False  # a new one, whatever is kept
    may_ask: bool = True  # a person


class Question(NamedTuple):
    chosen: Chosen
    authority: Authority
    client_id: str
    scopes: tuple[str, ...]
    flow: FlowName
    flow_was_named: bool  # else a device code may stand in for a browser
    redirect_uri: str | None
    wishes: Wishes

    @property
    def may_be_kept(self) -> bool:
        """What the machine says it is depends on where it is asked, and is asked again at no cost."""
        return self.flow is not FlowName.MANAGED_IDENTITY

    @property
    def of_a_person(self) -> bool:
        return self.flow in OF_A_PERSON

    @property
    def signs_in_anew(self) -> bool:
        """A way of signing in was named, and what is kept is not wanted: not to be renewed behind their back."""
        return self.of_a_person and self.flow_was_named and self.wishes.force and self.wishes.may_ask

    def asked_by(self, command: str) -> str:
        """How *command* is told to mean the same."""
        from shlex import quote  # where something is to be said

        usual = self.chosen.profile.scopes or _usual(self.authority)
        said = {
            "--tenant": self.wishes.tenant,
            "--account": self.wishes.account,
            "-s": " ".join(self.scopes) if self.scopes != usual else None,
        }
        words = [f"{option} {quote(value)}" for option, value in said.items() if value]
        return " ".join([self.chosen.asked_by(command), *words])


def question(chosen: Chosen, wishes: Wishes, usual_scopes: tuple[str, ...] = ()) -> Question:
    """*usual_scopes* go before those of the profile.  Raises UsageError and BadSettings."""
    profile = chosen.profile
    authority = _with_tenant(profile.authority, wishes.tenant)
    flow = wishes.flow or profile.default_flow
    _require_able(chosen, flow)
    return Question(
        chosen=chosen,
        authority=authority,
        client_id=profile.client_id,
        scopes=wishes.scopes or usual_scopes or profile.scopes or _usual(authority),
        flow=flow,
        flow_was_named=wishes.flow is not None,
        redirect_uri=_redirect_uri(wishes, profile.redirect_uri),
        wishes=wishes,
    )


def _with_tenant(authority: Authority, tenant: str | None) -> Authority:
    if tenant is None:
        return authority
    if authority.shape is not Shape.ENTRA:
        raise click.UsageError(f"{authority} has no tenants, so --tenant means nothing there.")
    return tenant_authority(authority.url.rpartition("/")[0], tenant)


def _usual(authority: Authority) -> tuple[str, ...]:
    """What is asked for where nobody says: Graph, with all that the application has there."""
    return _GRAPH if authority.shape is Shape.ENTRA else ("openid",)


def _require_able(chosen: Chosen, flow: FlowName) -> None:
    if flow is FlowName.CLIENT_CREDENTIALS and chosen.profile.proof.kind in (Kind.NONE, Kind.MANAGED_IDENTITY):
        raise click.UsageError(
            f"Client credentials take a secret, a certificate or a federated token, and {chosen.title} has none. "
            + _how_to_give_one(chosen)
        )


def _how_to_give_one(chosen: Chosen) -> str:
    if chosen.kept:
        from shlex import quote

        return f"Add one with: entrada config edit {quote(chosen.profile.name)}"
    if chosen.up is not None:
        return "Name a profile that has one with -p, or take the environment's with --from-env (AZURE_CLIENT_SECRET)."
    return "Set AZURE_CLIENT_SECRET, or give it with --client-secret-stdin."


def _redirect_uri(wishes: Wishes, of_profile: str | None) -> str | None:
    """*port* goes into whichever is meant."""
    uri = wishes.redirect_uri or of_profile
    if wishes.port is None:
        return uri
    parts = urlsplit(uri or "http://localhost")
    return parts._replace(netloc=f"{parts.hostname}:{wishes.port}").geturl()
