"""`entrada whoami`: who is signed in, as what, until when, and where their tokens rest.  It asks nobody."""

import json
from collections.abc import Mapping
from typing import Any, Final, cast

import click

from entrada.cli.endings import NotFound
from entrada.cli.tokens.at_hand import whose
from entrada.cli.tokens.clock import clock
from entrada.cli.tokens.got import asked_for, cache_here
from entrada.cli.tokens.options import Options, whose_options
from entrada.cli.tokens.output import iso
from entrada.cli.tokens.question import Question
from entrada.cli.tokens.spellings import in_words
from entrada.cli.unseen import one_line
from entrada.client.authority import Shape
from entrada.client.token_cache.port import Kept
from entrada.client.tokens import AccessToken, Account
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import Seconds


@click.command()
@whose_options
@click.option("-o", "--output", type=click.Choice(["text", "json", "yaml"]), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as -o json.")
def whoami(*, options: Options, output: str, as_json: bool) -> None:
    """Show who is signed in, what they may do, until when, and where their tokens rest.

    \b
      entrada whoami
      entrada whoami -p work -o json

    Nobody is asked: it tells what the cache knows. Nobody signed in: it ends in 4.
    """
    asked = asked_for(options)
    cache = cache_here(keep=asked.may_be_kept)
    place = whose(asked, cache)
    kept = cache.read(place[0]) if place else None
    if not asked.may_be_kept:
        raise NotFound(f"{asked.chosen.title} is this machine itself, whose tokens are not kept.")
    if kept is None:
        sign_in = asked.chosen.asked_by("get-token")
        raise NotFound(f"Nobody is signed in for {asked.chosen.title}. Sign in with: {sign_in}")
    _show({**_known(asked, kept), **_rests()}, "json" if as_json else output)


def _known(asked: Question, kept: Kept) -> dict[str, object]:
    return {
        "profile": asked.chosen.profile.name,
        "authority": asked.authority.url,
        "client_id": asked.client_id,
        **(_person(asked, kept.account, kept.id_token) if kept.account else {}),
        "tokens": [_token(one) for one in kept.access],
        "renewable": kept.refresh_token is not None or kept.account is None,
    }


def _person(asked: Question, account: Account, id_token: str | None) -> dict[str, object]:
    of_entra = asked.authority.shape is Shape.ENTRA
    return {
        "account": account.username or account.user_id,
        "name": account.name,
        "object_id" if of_entra else "subject": account.user_id,
        "tenant_id": account.tenant_id,
        "roles": _claims(id_token).get("roles", []),
    }


def _token(token: AccessToken) -> dict[str, object]:
    return {
        "scope": " ".join(sorted(token.scopes)),
        "expires_at": iso(token.expires_at),
        "expires_in": max(0, token.expires_at - clock()),
    }


def _claims(id_token: str | None) -> Mapping[str, object]:
    """It was verified when it came, and is sealed since."""
    if id_token is None:
        return {}
    found = json.loads(base64url.decode(id_token.split(".")[1]))
    return cast("Mapping[str, object]", found)


def _rests() -> dict[str, object]:
    from entrada.cli.profiles.kept_secret import vault_folder, vault_here

    rung = vault_here().rung
    return {"kept_in": str(vault_folder()), "key_kept_by": rung.value if rung else None}


# ---- how it looks ----


def _show(known: Mapping[str, object], output: str) -> None:
    if output == "text":
        _as_text(known)
        return
    from entrada.cli.data_output import as_json, as_yaml

    click.echo(as_json(known) if output == "json" else as_yaml(known))


def _as_text(known: Mapping[str, object]) -> None:
    width = max(map(len, _HEADINGS.values()))
    for name, heading in _HEADINGS.items():
        for number, line in enumerate(_lines(name, known.get(name))):
            label = "" if number else heading
            click.echo(f"{click.style(label.ljust(width), dim=True)}  {one_line(line)}")


def _lines(name: str, value: object) -> list[str]:
    if name == "tokens":
        return [_of_token(one) for one in cast("list[Mapping[str, Any]]", value)]
    if isinstance(value, list):
        return [", ".join(map(str, cast("list[object]", value)))] if value else []
    if isinstance(value, bool):
        return ["without asking" if value else "by signing in again"]
    return [str(value)] if value else []


def _of_token(token: Mapping[str, Any]) -> str:
    left = Seconds(token["expires_in"])
    return f"{token['scope']} ({f'expires in {in_words(left)}' if left else 'expired'})"


_HEADINGS: Final = {
    "account": "Account",
    "name": "Name",
    "object_id": "Object id",
    "subject": "Subject",
    "tenant_id": "Tenant",
    "roles": "Roles",
    "authority": "Authority",
    "client_id": "Application",
    "profile": "Profile",
    "tokens": "Tokens",
    "renewable": "Renewed",
    "kept_in": "Kept in",
    "key_kept_by": "Key kept by",
}
