"""Put a token where it was asked to be, and say on standard error what is worth knowing of it."""

import os
import sys
from pathlib import Path
from typing import NamedTuple

import click

from entrada.cli.tokens.at_hand import called
from entrada.cli.tokens.clock import clock
from entrada.cli.tokens.got import Got
from entrada.cli.tokens.output import Output, Shown, rendered
from entrada.cli.tokens.spellings import in_words
from entrada.core.jose.numeric_date import Seconds


class Ways(NamedTuple):
    output: Output
    file: Path | None
    copy: bool
    warn_within: Seconds
    silent: bool = False


def write(got: Got, ways: Ways) -> None:
    shown = _shown(got)
    text = rendered(shown, ways.output, os.environ)
    if ways.file is not None:
        from entrada.cli.tokens.private_file import write_private

        # SDKs that read a token from a file take a line end for a part of it.
        write_private(ways.file, text if ways.output is Output.TOKEN else text + "\n")
        _remark(f"Token written to: {ways.file}", ways)
    else:
        click.echo(text)
    if ways.copy:
        _copy(shown.value, ways)
    _tell(got, shown, ways)


def _shown(got: Got) -> Shown:
    question, token, account = got.question, got.found.token, got.found.account
    return Shown(
        value=token.value,
        token_type=token.token_type,
        scopes=tuple(sorted(token.scopes)),
        expires_at=token.expires_at,
        now=clock(),
        authority=question.authority.url,
        client_id=question.client_id,
        username=account.username or account.user_id if account else "",
        cached=got.found.cached,
    )


def _copy(token: str, ways: Ways) -> None:
    from entrada.cli.tokens.clipboard import CLEARED_AFTER, clipboard_here, copy

    clipboard = clipboard_here()
    if isinstance(clipboard, str):
        click.echo(f"entrada: {clipboard}; the token was not copied.", err=True)
    elif copy(clipboard, token):
        _remark(f"Token copied to clipboard, for {CLEARED_AFTER} seconds.", ways)
    else:
        click.echo(f"entrada: {clipboard.write[0]} failed; the token was not copied.", err=True)


def _tell(got: Got, shown: Shown, ways: Ways) -> None:
    left = Seconds(shown.expires_at - shown.now)
    if got.found.cached and left < ways.warn_within and not ways.silent:
        refresh = got.question.chosen.asked_by("refresh")
        click.echo(f"Token expires in {left / 60:.1f} minutes. Consider refreshing using '{refresh}'", err=True)
    elif sys.stderr.isatty():
        whose = called(got.found.account) if got.found.account else f"application {shown.client_id}"
        source = "from the cache" if shown.cached else "new"
        _remark(click.style(f"{whose}, {source}, expires in {in_words(left)}", dim=True), ways)


def _remark(text: str, ways: Ways) -> None:
    if not ways.silent:
        click.echo(text, err=True)
