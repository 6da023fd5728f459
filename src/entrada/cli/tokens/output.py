"""What `get-token` writes: the token alone, or with what is known of it, for a program to read."""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, NamedTuple

import click

from entrada.core.jose.numeric_date import NumericDate


class Output(StrEnum):
    TOKEN = "token"
    JSON = "json"
    YAML = "yaml"
    ENV = "env"
    HEADER = "header"
    EXEC = "exec"


class OutputType(click.Choice[str]):
    """Some pages of Entra Auth Cli give a file here: that is told apart, since a token written nowhere is a riddle."""

    def __init__(self) -> None:
        super().__init__([*Output], case_sensitive=False)

    def get_invalid_choice_message(self, value: str, ctx: click.Context | None) -> str:
        return f"{value!r} is none of {', '.join(Output)}. A file is named with --file."


class Shown(NamedTuple):
    """A token and what is said of it."""

    value: str
    token_type: str
    scopes: tuple[str, ...]
    expires_at: NumericDate
    now: NumericDate
    authority: str
    client_id: str
    cached: bool
    username: str = ""  # empty: the application's own

    def __repr__(self) -> str:
        return f"Shown({self.client_id!r}, {self.scopes!r})"  # never the token

    def members(self) -> dict[str, object]:
        """RFC 6749 §5.1's names, the moment in two spellings that know no time zone, and whose it is.

        Never the refresh token: it does not leave the cache.
        """
        return {
            "access_token": self.value,
            "token_type": self.token_type,
            "scope": " ".join(self.scopes),
            "expires_in": max(0, self.expires_at - self.now),
            "expires_at": iso(self.expires_at),
            "expires_on": int(self.expires_at),
            "authority": self.authority,
            "client_id": self.client_id,
            **({"account": self.username} if self.username else {}),
            "from_cache": self.cached,
        }


def iso(moment: NumericDate) -> str:
    from datetime import UTC, datetime  # not for the token alone

    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rendered(shown: Shown, output: Output, environment: Mapping[str, str]) -> str:
    """Without a line end.  Raises UsageError where kubectl is answered and did not ask as it should."""
    if output is Output.EXEC:
        from entrada.cli.tokens.exec_credential import exec_credential

        return exec_credential(shown.value, iso(shown.expires_at), environment.get("KUBERNETES_EXEC_INFO"))
    return _WRITERS[output](shown)


def _json(shown: Shown) -> str:
    return json.dumps(shown.members(), indent=2)


def _yaml(shown: Shown) -> str:
    """A string of JSON is one of YAML (YAML 1.2 §1.3)."""
    return "\n".join(f"{name}: {json.dumps(value)}" for name, value in shown.members().items())


def _env(shown: Shown) -> str:
    """For `eval "$(…)"`; neither value holds anything that a shell would read."""
    lines = {"ENTRADA_TOKEN": quoted(shown.value), "ENTRADA_TOKEN_EXPIRES_ON": int(shown.expires_at)}
    return "\n".join(f"export {name}={value}" for name, value in lines.items())


def quoted(text: str) -> str:
    """For a POSIX shell."""
    return "'" + text.replace("'", "'\\''") + "'"


_WRITERS: Final[Mapping[Output, Callable[[Shown], str]]] = {
    Output.TOKEN: lambda shown: shown.value,
    Output.JSON: _json,
    Output.YAML: _yaml,
    Output.ENV: _env,
    Output.HEADER: lambda shown: f"Authorization: {shown.token_type} {shown.value}",
}
