"""The one screen that `entrada up` prints: where things are, who may sign in, how to trust it, how to get a token."""

import shlex
import shutil
import sys
from collections.abc import Iterable, Sequence
from typing import Final

import click
from attrs import frozen

from entrada.cli.tokens.running import CLI_APP
from entrada.core.directory.application import Application, Platform
from entrada.core.directory.directory_role import ROLE_NAMES
from entrada.core.directory.tenant import Tenant
from entrada.core.directory.user import User
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.renew_client_secret import knows
from entrada.server.usecases.settle_credentials import MadeCredential

SEED_PASSWORD: Final = "Entrada-dev-2026"
SEED_SECRETS: Final = (
    "repsys-dev-secret",
    "console-dev-secret",
    "multi-dev-secret",
    "daemon-dev-secret",
    "middle-dev-secret",
)
_UNLIMITED: Final = 1_000
_KINDS: Final = {Platform.WEB: "web app", Platform.SPA: "single-page app", Platform.PUBLIC_CLIENT: "public client"}


@frozen(kw_only=True)
class Situation:
    origin: str
    gateway: str = ""  # its origin, where there is one
    tenants: Sequence[tuple[Tenant, Sequence[User], Sequence[Application]]]
    samples: Sequence[tuple[str, str]]  # name, URL
    trust: Sequence[tuple[str, str]]
    identity: Sequence[tuple[str, str, str]] = ()  # what a program's environment needs, if there is one to have
    made: Sequence[MadeCredential]
    exposed: Sequence[str]
    new_certificate: bool
    plain_http: bool
    folder: str
    usual_folder: bool = True  # where commands look of their own accord
    now: NumericDate


def terminal_width() -> int:
    """What a line may take; where nobody looks at it, anything."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else _UNLIMITED


def banner(now: Situation, width: int) -> str:
    sections = (
        _places(now, width),
        _people(now, width),
        _apps(now, width),
        _made(now, width),
        _trust(now, width),
        _identity(now, width),
        _token(now, width),
        [f"Ctrl-C stops it.  {_dim('Data:')} {now.folder}"],
    )
    return "\n" + "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


# ---- its parts ----


def _places(now: Situation, width: int) -> list[str]:
    rows = [
        ("Platform", _link(now.origin), ""),
        ("Portal", _link(f"{now.origin}/portal"), "as ada: register, grant, look up"),
    ]
    if now.gateway:
        rows.append(("Gateway", _link(f"{now.gateway}/colors"), "an API behind validate-jwt"))
        rows.append(("Console", _link(f"{now.origin}/developer"), "call it from the browser"))
    rows += [(name, _link(url), "open it and sign in") for name, url in now.samples]
    lines = [f"{_bold('entrada')} is up, for development on this machine.", "", *columns(rows, width)]
    if now.exposed:
        lines.append(f"  It listens on all interfaces, and answers to {', '.join(now.exposed)} too.")
    if now.plain_http:
        lines.append("  Plain http: cookies are neither Secure nor __Host-, and MSAL will not talk to it.")
    return lines


def _people(now: Situation, width: int) -> list[str]:
    lines = _title("People", _password(now), width)
    rows = [row for tenant, users, _ in now.tenants for row in _of_tenant(tenant, users)]
    return [*lines, *columns(rows, width)]


def _password(now: Situation) -> str:
    seeds = [user.password.seed for _, users, _ in now.tenants for user in users if user.password]
    if seeds and all(seeds):
        return f"everyone's password: {click.style(SEED_PASSWORD, fg='green')}"
    return f"password, where it was not changed: {click.style(SEED_PASSWORD, fg='green')}" if any(seeds) else ""


def _of_tenant(tenant: Tenant, users: Sequence[User]) -> Iterable[tuple[str, str, str]]:
    for number, user in enumerate(sorted(users, key=lambda one: one.user_principal_name)):
        yield ("" if number else tenant.display_name, user.user_principal_name, _remark(user))


def _remark(user: User) -> str:
    roles = [ROLE_NAMES.get(role, "another role") for role in sorted(user.directory_roles)]
    second = ["needs a second factor"] if user.second_factor_required else []
    return ", ".join([*roles, *second, *([] if user.account_enabled else ["disabled"])])


def _apps(now: Situation, width: int) -> list[str]:
    lines = list[str]()
    for tenant, _, apps in now.tenants:
        rows = [(app.display_name, app.app_id, _proof(app, now.now)) for app in sorted(apps, key=_by_kind)]
        if rows:
            title = _title("Applications", f"in {tenant.display_name}, tenant {tenant.id}", width)
            lines += [*([""] if lines else []), *title, *columns(rows, width)]
    return lines


def _by_kind(app: Application) -> tuple[int, str]:
    kinds = list(_KINDS)
    return (min((kinds.index(uri.platform) for uri in app.redirect_uris), default=len(kinds)), app.display_name)


def _proof(app: Application, now: NumericDate) -> str:
    """The secret, where it is still the documented one; otherwise what kind of client it is."""
    known = next((secret for secret in SEED_SECRETS if knows(app, secret, now)), None)
    if known is not None:
        return click.style(known, fg="green")
    kinds = dict.fromkeys(_KINDS[uri.platform] for uri in app.redirect_uris)
    return _dim(", ".join(kinds) or ("API" if app.scopes or app.app_roles else "daemon"))


def _made(now: Situation, width: int) -> list[str]:
    if not now.exposed:
        return []
    if not now.made:
        return _title("Passwords and secrets", "as given, or made and shown, when this data folder was new", width)
    rows = [(one.credential.kind, one.credential.owner, click.style(one.value, fg="green")) for one in now.made]
    return [*_title("Passwords and secrets", "made now, and shown this once", width), *columns(rows, width)]


def _trust(now: Situation, width: int) -> list[str]:
    if not now.trust:
        return []
    lines = _title("Trust its certificate", "before a client starts; for browsers: entrada trust", width)
    if now.new_certificate:
        lines.append("  It is new: whoever trusted an earlier one must trust this one.")
    return [*lines, *columns([(who.partition(":")[0].partition(",")[0], line, "") for who, line in now.trust], width)]


def _identity(now: Situation, width: int) -> list[str]:
    if not now.identity:
        return []
    return [
        *_title("Managed identity", "in a program's environment, one of these lines", width),
        *columns(now.identity, width),
    ]


def _token(now: Situation, width: int) -> list[str]:
    home = next((tenant for tenant, _, apps in now.tenants if any(app.app_id == CLI_APP for app in apps)), None)
    if home is None:
        return []
    where = "" if now.usual_folder else f"ENTRADA_DATA_DIR={shlex.quote(now.folder)} "
    rows = [
        ("print one", f"{where}entrada get-token", ""),
        ("call Graph", f"{where}entrada curl {now.origin}/v1.0/me", ""),
        *([("call an API", f"{where}entrada curl {now.gateway}/colors", "")] if now.gateway else []),
        ("run with", f"{where}entrada exec -- python app.py", ""),
    ]
    return [
        *_title("Get a token", "in another terminal", width),
        *columns(rows, width),
    ]


# ---- how it looks ----


def columns(rows: Sequence[tuple[str, str, str]], width: int) -> list[str]:
    """Aligned where they fit; otherwise one cell under the other, since a value that is cut cannot be copied."""
    if not rows:
        return []
    first, second, third = (max(len(click.unstyle(cell)) for cell in column) for column in zip(*rows, strict=True))
    if 2 + first + 2 + second + (2 + third if third else 0) <= width:
        return [f"  {_fill(one, first)}  {_fill(two, second)}  {three}".rstrip() for one, two, three in rows]
    return [line for row in rows for line in _stacked(row, width)]


def _stacked(row: tuple[str, str, str], width: int) -> list[str]:
    name, value, remark = row
    lines = [f"  {name}"] if name else []
    together = f"    {value}  {remark}" if remark else f"    {value}"
    if len(click.unstyle(together)) <= width or not remark:
        return [*lines, together]
    return [*lines, f"    {value}", f"      {remark}"]


def _fill(cell: str, width: int) -> str:
    return cell + " " * (width - len(click.unstyle(cell)))


def _title(text: str, hint: str, width: int) -> list[str]:
    together = f"{_bold(text)}  {hint}" if hint else _bold(text)
    return [together] if len(click.unstyle(together)) <= width else [_bold(text), f"  {hint}"]


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _dim(text: str) -> str:
    return click.style(text, dim=True)


def _link(url: str) -> str:
    return click.style(url, fg="cyan")
