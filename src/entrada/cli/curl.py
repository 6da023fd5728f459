"""`entrada curl`: call an API with a token, in curl's words."""

import contextlib
import os
import re
import stat
import sys
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final
from urllib.parse import SplitResult, urlsplit

import click

from entrada.cli.tokens.options import Options, token_options_beside_curls
from entrada.cli.tokens.private_file import already_open
from entrada.client.authority import LOOPBACK

if TYPE_CHECKING:
    from entrada.cli.tokens.api_call import Begun

_STDIN: Final = "@-"
_VALUE: Final = r"[\t\x20-\x7e]*"


@click.command()
@token_options_beside_curls
@click.argument("url")
@click.option("-X", "--request", "method", metavar="METHOD", help="[default: GET, or POST with data]")
@click.option("-H", "--header", "headers", multiple=True, metavar="'NAME: VALUE'", help="May be said again.")
@click.option("-d", "--data", metavar="DATA", help="To send; @FILE reads a file, @- standard input.")
@click.option("--json", "json_data", metavar="DATA", help="The same, as application/json.")
@click.option("-i", "--include", is_flag=True, help="The status and headers of the answer, before its body.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="A file for the body.")
@click.option("-L", "--location", is_flag=True, help="Follow redirects, to the same origin only: the token goes along.")
@click.option("-f", "--fail", is_flag=True, help="Where the API answers 400 or more: no body, and end in 1.")
@click.option("--fail-with-body", is_flag=True, help="The same, with the body.")
def curl(
    *,
    options: Options,
    url: str,
    method: str | None,
    headers: tuple[str, ...],
    data: str | None,
    json_data: str | None,
    output: Path | None,
    **how: bool,
) -> None:
    """Call an API with an access token.

    \b
      entrada curl https://graph.microsoft.com/v1.0/me
      entrada curl https://localhost:8443/v1.0/me            Graph of a running `entrada up`
      entrada curl http://localhost:5001/colors              its Colors API
      entrada curl -s api://orders/.default -d @order.json https://orders.example/v1/orders

    The scope is known for Graph, Azure's own APIs and those of a running `entrada up`; for others say --scope, or let
    the profile say it. The token goes over TLS or to this machine, and to no other origin than that of URL. A claims
    challenge (continuous access evaluation) is met once.
    """
    from entrada.cli.tokens.api_call import Request, Shape, call

    if json_data is not None:
        headers = ("Content-Type: application/json", "Accept: application/json", *headers)
    request = Request(
        url=_judged(url).geturl(), method=_method(method), headers=_headers(headers), body=_body(json_data or data)
    )
    shape = Shape(
        include=how["include"],
        location=how["location"],
        fail=how["fail"] or how["fail_with_body"],
        body_of_failures=how["fail_with_body"] or not how["fail"],
    )
    with _opened(output) as to:
        call(options, request, shape, to)


def _judged(url: str) -> SplitResult:
    """A token goes over TLS, or stays on this machine.  Raises UsageError."""
    if not url.isprintable():
        raise click.UsageError(f"{url!r} is no URL: it holds what cannot be seen.")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise click.UsageError(f"{url!r} is no URL.") from None
    plain = parts.scheme == "http" and host in LOOPBACK
    if not host or "@" in parts.netloc or not (parts.scheme == "https" or plain):
        raise click.UsageError("A token is sent to an https URL, or to http://localhost; without a user in it.")
    return parts._replace(fragment="")


def _headers(given: tuple[str, ...]) -> list[tuple[str, str]]:
    found = [(name.strip(" \t"), value.strip(" \t")) for name, _, value in (one.partition(":") for one in given)]
    if not all(_is_word(name) for name, _ in found):
        raise click.UsageError("A header is spelt 'Name: value'.")
    for name, value in found:
        if not re.fullmatch(_VALUE, value):  # which may be a secret, and is not repeated
            raise click.UsageError(f"The value of the header {name} may hold visible ASCII and spaces alone.")
    if any(name.lower() == "authorization" for name, _ in found):
        raise click.UsageError("The Authorization header is what `entrada curl` adds; with your own, use curl.")
    return found


def _method(given: str | None) -> str | None:
    if given is not None and not _is_word(given):
        raise click.UsageError(f"{given!r} is no method.")
    return given


def _is_word(text: str) -> bool:
    """A token of RFC 9110 §5.6.2, as methods and names of headers are."""
    return re.fullmatch(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+", text) is not None


def _body(data: str | None) -> bytes | None:
    if data is None or not data.startswith("@"):
        return None if data is None else os.fsencode(data)  # the bytes that were typed
    if data == _STDIN:
        return sys.stdin.buffer.read()
    try:
        return Path(data[1:]).read_bytes()
    except OSError as error:
        raise click.UsageError(f"{data[1:]} cannot be read: {error.strerror}.") from None


@contextlib.contextmanager
def _opened(output: Path | None) -> "Generator[Begun]":
    """What was in it stays until there is an answer to take its place, and where there is none it is left alone."""
    if output is None:
        yield lambda: sys.stdout.buffer
        return
    if (descriptor := already_open(output)) is not None:
        with _writing(output, lambda: os.fdopen(os.dup(descriptor), "wb")) as file:
            yield lambda: file
        return
    was_there = output.exists()
    try:
        with _writing(output, lambda: output.open("ab")) as file:
            yield partial(_emptied, file)
    except BaseException:
        with contextlib.suppress(OSError):
            if not was_there and not output.stat().st_size:
                output.unlink()
        raise


def _writing(output: Path, opened: Callable[[], BinaryIO]) -> BinaryIO:
    try:
        return opened()
    except OSError as error:
        raise click.UsageError(f"{output} cannot be written: {error.strerror}.") from None


def _emptied(file: BinaryIO) -> BinaryIO:
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.truncate(0)
    return file
