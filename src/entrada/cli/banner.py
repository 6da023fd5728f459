"""The one screen that `entrada up` prints: where things are, who may sign in, how to trust it, how to get a token."""

from collections.abc import Iterable, Sequence

import click
from attrs import frozen

from entrada.core.directory.application import Application
from entrada.core.directory.directory_role import GLOBAL_ADMINISTRATOR
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.server.usecases.settle_credentials import MadeCredential

SEED_PASSWORD = "Entrada-dev-2026"  # noqa: S105 - it stands in the documentation


@frozen(kw_only=True)
class Situation:
    origin: str
    tenants: Sequence[tuple[Tenant, Sequence[User], Sequence[Application]]]
    samples: Sequence[tuple[str, str]]  # name, URL
    trust: Sequence[tuple[str, str]]
    made: Sequence[MadeCredential]
    exposed: bool
    new_certificate: bool
    plain_http: bool
    folder: str


def banner(now: Situation) -> str:
    parts = [*_urls(now), *_people(now), *_apps(now), *_made(now), *_trust(now), *_token(now)]
    return "\n".join(["", *parts, "", click.style("Ctrl-C stops it.", dim=True) + f"  Data: {now.folder}", ""])


def _title(text: str) -> list[str]:
    return ["", click.style(text, bold=True)]


def _urls(now: Situation) -> Iterable[str]:
    yield click.style("entrada", bold=True) + " is up, for development on this machine."
    yield ""
    yield f"  Platform   {click.style(now.origin, fg='cyan')}"
    for name, url in now.samples:
        yield f"  {name:<10} {click.style(url, fg='cyan')}   open it and sign in"
    if now.plain_http:
        yield ""
        yield "  Plain http: cookies are neither Secure nor __Host-, and MSAL will not talk to it."


def _people(now: Situation) -> list[str]:
    lines = _title("People")
    if not now.exposed:
        lines.append(f"  everyone's password is {click.style(SEED_PASSWORD, fg='green')}")
    for tenant, users, _ in now.tenants:
        lines.append(f"  {tenant.display_name:<10} {'  '.join(map(_person, users))}")
    return lines


def _person(user: User) -> str:
    if not user.account_enabled:
        return click.style(f"{user.user_principal_name} (disabled)", dim=True)
    mark = " (administrator)" if GLOBAL_ADMINISTRATOR in user.directory_roles else ""
    return user.user_principal_name + mark


def _apps(now: Situation) -> list[str]:
    lines = _title("Applications")
    for tenant, _, apps in now.tenants:
        if apps:
            lines.append(f"  in {tenant.display_name}, tenant {tenant.id}")
        lines += [f"    {app.app_id}  {app.display_name}" for app in apps]
    return lines


def _made(now: Situation) -> list[str]:
    if not now.exposed:
        return []
    if not now.made:
        return [
            *_title("Credentials"),
            "  As made or given before; they were shown then. A new data folder makes new ones.",
        ]
    lines = [*_title("Credentials, shown this once")]
    return lines + [f"  {one.credential.kind:<14} {one.credential.owner:<28} {one.value}" for one in now.made]


def _trust(now: Situation) -> list[str]:
    if not now.trust:
        return []
    lines = _title("Trust its certificate")
    if now.new_certificate:
        lines.append("  It is new: whoever trusted an earlier one must trust this one.")
    lines += [f"  {line}" for _, line in now.trust]
    return [*lines, "  Browsers and the rest: entrada trust"]


def _token(now: Situation) -> list[str]:
    tenant = now.tenants[0][0].id if now.tenants else "organizations"
    return [
        *_title("Get a token"),
        f"  MSAL: authority {now.origin}/{tenant}, instance discovery off; any application above.",
    ]
