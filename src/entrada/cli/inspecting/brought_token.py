"""Where the token to look at comes from: an argument, a file, standard input, or what is kept for a profile."""

import json
import os
import sys
from pathlib import Path
from shlex import quote
from typing import Final, cast

import click
from attrs import frozen

from entrada.cli.endings import NotFound
from entrada.cli.profiles.profile import Profile
from entrada.core.protocol.tokens.taken_apart import LONGEST

_IN_JSON: Final = ("access_token", "accessToken", "id_token", "token")


@frozen(kw_only=True)
class Source:
    argument: str | None = None
    file: str | None = None
    profile: str | None = None
    scopes: tuple[str, ...] = ()  # of the one that is meant among those kept for the profile

    def read(self) -> str:
        """Raises UsageError and NotFound."""
        if sum(one is not None for one in (self.argument, self.file, self.profile)) > 1:
            raise click.UsageError("Give one token: as an argument, with --file, or with --profile.")
        if (profile := self.profile or self._usual()) is not None:
            return _kept_for(profile, self.scopes)
        text = _bare(self._text())
        if not text:
            raise click.UsageError("There is no token: give one, or send it to standard input.")
        return text

    def _usual(self) -> str | None:
        """$ENTRADA_PROFILE, where no token is given and none is sent."""
        if self.argument is not None or self.file is not None or not sys.stdin.isatty():
            return None
        from entrada.cli.profiles.file import default_name

        return default_name()

    def _text(self) -> str:
        if self.file not in (None, "-"):
            return _of_file(Path(str(self.file)))
        if self.argument not in (None, "-"):
            return str(self.argument)
        if self.argument is None and self.file is None and sys.stdin.isatty():
            raise click.UsageError("Missing TOKEN: give one, or send it to standard input.")
        return sys.stdin.read(LONGEST + 1)


def _of_file(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return file.read(LONGEST + 1)
    except OSError as error:
        raise NotFound(f"{path} cannot be read: {error.strerror}.") from None


def _bare(text: str) -> str:
    """Without what comes along when one is copied: a header's words, quotes, line ends, the JSON it stood in."""
    text = text.strip()
    if text.startswith("{"):
        text = _of_json(text)
    for start in ("authorization:", "bearer "):
        if text.lower().startswith(start):
            text = text[len(start) :].strip()
    return "".join(text.strip("\"'").split())


def _of_json(text: str) -> str:
    try:
        members = cast("dict[str, object]", json.loads(text))
    except ValueError:
        return text
    found = next((members[name] for name in _IN_JSON if isinstance(members.get(name), str)), None)
    if found is None:
        raise click.UsageError(f"There is no {' or '.join(_IN_JSON)} in that JSON.")
    return str(found)


def profile_of(name: str) -> Profile:
    """Raises NotFound."""
    from entrada.cli.profiles.file import Profiles, profiles_path
    from entrada.cli.profiles.named import existing

    return existing(Profiles(profiles_path(os.environ)), name)


def _kept_for(name: str, scopes: tuple[str, ...]) -> str:
    from entrada.cli.profiles.kept_secret import vault_here
    from entrada.client.token_cache.encrypted_file import EncryptedFileCache
    from entrada.client.token_cache.remembering import answers, wanted

    profile = profile_of(name)
    cache = EncryptedFileCache(vault_here())
    whose = (profile.authority.url, profile.client_id)
    kept = [cache.read(one) for one, _ in cache.partitions() if (one.authority, one.client_id) == whose]
    tokens = [token for one in kept if one is not None for token in one.access]
    meant = [token for token in tokens if answers(token, wanted(scopes or profile.scopes))]
    found = meant or ([] if scopes else tokens)
    if not found:
        how = f"entrada get-token -p {quote(name)}" + (f" -s {quote(' '.join(scopes))}" if scopes else "")
        what = f"No token for {' '.join(scopes)}" if scopes else "No token"
        raise NotFound(f"{what} is kept for profile '{profile.name}'. Get one with: {how}")
    return max(found, key=lambda token: token.expires_at).value
