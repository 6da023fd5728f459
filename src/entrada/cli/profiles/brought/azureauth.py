"""azureauth's aliases: TOML of `[alias.NAME]` with resource, client, domain, tenant.  Reference cli.md 15."""

from collections.abc import Mapping
from typing import cast

from entrada.cli.profiles.brought.found import Found, NoProfiles, judged
from entrada.cli.profiles.words import parse_scopes


def read(document: Mapping[str, object]) -> tuple[Found, ...]:
    """Raises NoProfiles."""
    aliases = document.get("alias")
    if not isinstance(aliases, dict):
        raise NoProfiles("There is no [alias.NAME] in this TOML.")
    return tuple(_profile(name, value) for name, value in cast("dict[str, object]", aliases).items())


def _profile(name: str, value: object) -> Found:
    if not isinstance(value, dict):
        raise NoProfiles(f"[alias.{name}] is no table.")
    given = cast("dict[str, object]", value)
    scope, resource = given.get("scope") or given.get("scopes"), given.get("resource")
    listed = cast("list[object]", scope) if isinstance(scope, list) else [scope] if scope else []
    scopes = parse_scopes(*map(str, listed)) or ((f"{resource}/.default",) if resource else ())
    # `domain` there chooses an account by what its name ends in; the tenant is said by `tenant`.
    return judged(
        {"name": name, "tenant": given.get("tenant"), "clientId": given.get("client"), "scopes": list(scopes) or None}
    )
