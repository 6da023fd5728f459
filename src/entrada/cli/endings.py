"""How each command ends: at most one line on standard error, and an exit code.  docs/reference/exit-codes.md"""

import contextlib
import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import click

if TYPE_CHECKING:
    from entrada.client.errors import EntradaError

FAILED: Final = 1  # it could not be done, or the doctor found something
REFUSED: Final = 2  # nothing was begun: wrong use, an unsafe setting, no usable database
NOT_AUTHENTICATED: Final = 3  # the authority, or the person, said no
NOT_FOUND: Final = 4  # no such profile, account or token
NO_NETWORK: Final = 5  # nobody answers, or what answers is no authority
TOO_LATE: Final = 6  # nobody finished in time
NEEDS_A_PERSON: Final = 7  # only a person can go on, and none can be asked here
BAD_TOKEN: Final = 8  # invalid or expired
NOT_STORED: Final = 9  # what is kept cannot be read, opened or written
SURPRISE: Final = 70  # a bug of ours; EX_SOFTWARE of sysexits.h
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})
_USUAL_WIDTH: Final = 80  # columns of help that are pleasant to read
_NARROWEST: Final = 24
INTERRUPTED: Final = 130  # Ctrl-C: 128 and the signal's number


class CannotBegin(click.ClickException):
    """What was asked for cannot start as things are; the line says how to mend it."""

    exit_code = REFUSED


class NotFound(click.ClickException):
    """There is no such profile, account or token; the line says how to come by one."""

    exit_code = NOT_FOUND


class Ended(click.ClickException):
    """Another code of the table."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Surprise(click.ClickException):
    """A bug of ours."""

    exit_code = SURPRISE


CODES: Final = {  # by the name of the type, nearest first: `client/errors.py` is loaded by whoever raises one
    "AuthorityRefused": NOT_AUTHENTICATED,
    "InteractionRequired": NEEDS_A_PERSON,
    "Unreachable": NO_NETWORK,
    "BadMetadata": NO_NETWORK,
    "BadAnswer": NO_NETWORK,
    "TokenRejected": BAD_TOKEN,
    "SignInCancelled": NOT_AUTHENTICATED,
    "TimedOut": TOO_LATE,
    "NoBrowser": NEEDS_A_PERSON,
    "PortTaken": REFUSED,
    "BadSettings": REFUSED,
    "BadCredential": NOT_AUTHENTICATED,
    "StorageError": NOT_STORED,
}


class PlainEndings(click.Group):
    """A group whose commands never end in a traceback, nor in more than one line of complaint."""

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,  # noqa: FBT001, FBT002 - click's signature
        **extra: Any,
    ) -> Any:
        if not standalone_mode:
            return super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        _never_fail_to_print()
        extra.setdefault("terminal_width", _width_of_help())
        try:
            code = super().main(args, prog_name, complete_var, standalone_mode=False, **extra)
        except click.exceptions.NoArgsIsHelpError as lost:
            click.echo(lost.format_message(), err=True)
            code = lost.exit_code
        except click.ClickException as refused:
            _complain(_line_of(refused))
            code = refused.code if isinstance(refused, Ended) else refused.exit_code
        except click.Abort:
            code = INTERRUPTED
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if (known := _known(error)) is not None:
                raise known from error
            if ctx.params.get("debug"):
                import traceback  # like all that serves only the end: the quick commands do without

                traceback.print_exc()
            raise _surprise(error) from error


def _width_of_help() -> int | None:
    """Where there is little room, click would take more.  None: as click likes it."""
    try:
        columns = int(os.environ.get("COLUMNS", "0")) or os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError, AttributeError):
        return None
    return max(columns - 2, _NARROWEST) if columns < _USUAL_WIDTH else None


def _known(error: Exception) -> click.ClickException | None:
    """Exceptions that are an answer.  What raised them is loaded by now; the quick commands load neither."""
    settings, port = sys.modules.get("entrada.server.settings"), sys.modules.get("entrada.server.store.port")
    if settings is not None and isinstance(error, settings.UnsafeSetting):
        return CannotBegin(str(error))
    if port is not None and isinstance(error, port.StoreUnavailable):
        from entrada.cli.unseen import one_line

        return CannotBegin(f"The database does not answer: {one_line(str(error))}. Start it, or mend ENTRADA_DATABASE.")
    if port is not None and isinstance(error, port.StoreContended):
        return click.ClickException("Others changed the directory again and again meanwhile; try once more.")
    client = sys.modules.get("entrada.client.errors")
    if client is not None and isinstance(error, client.EntradaError):
        return of_client(cast("EntradaError", error))
    if isinstance(error, OSError) and error.errno in _NO_ROOM and error.filename is None:
        _forget_what_was_not_printed()
        return click.ClickException(f"The output cannot be written: {error.strerror}.")
    return None


def _forget_what_was_not_printed() -> None:
    """Python would try once more at its end, and end otherwise than we do."""
    with contextlib.suppress(OSError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def of_client(error: "EntradaError") -> Ended:
    """What the toolkit raised: what happened, what to do, and what finds it in the authority's log."""
    names = (kind.__name__ for kind in type(error).__mro__)
    code = next((CODES[name] for name in names if name in CODES), FAILED)
    text = str(error)
    marks = [mark for mark in _marks(error) if mark not in text]
    return Ended(f"{text} ({', '.join(marks)})" if marks else text, code)


def _marks(error: "EntradaError") -> list[str]:
    said = getattr(error, "said", None)
    if said is None:
        return []
    number = [f"AADSTS{said.aadsts}"] if said.aadsts else []
    return [*number, *([f"trace id {said.trace_id}"] if said.trace_id else [])]


def _surprise(error: Exception) -> click.ClickException:
    import traceback

    log = _keep("".join(traceback.format_exception(error)))
    return Surprise(f"This should not happen ({type(error).__name__}); what led to it is in {log}")


def _keep(text: str) -> str:
    """Write *text* where only its owner reads it."""
    import tempfile

    try:
        descriptor, path = tempfile.mkstemp(prefix="entrada-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError:
        return "nowhere, for there is no place to write; --debug shows it"
    return str(Path(path))


def _line_of(refused: click.ClickException) -> str:
    from entrada.cli.unseen import one_line  # only who complains

    line = one_line(refused.format_message())  # which may quote what strangers wrote
    if isinstance(refused, click.UsageError) and refused.ctx is not None:
        return f"{line} See: {refused.ctx.command_path} --help"
    return line


def _complain(line: str) -> None:
    click.echo(f"{click.style('entrada:', fg='red')} {line}", err=True, color=_colour())


def _colour() -> bool | None:
    """False where the person asked for none (no-color.org); None: as the terminal can."""
    return False if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" else None


def respect_wish_for_no_colour(ctx: click.Context) -> None:
    ctx.color = _colour()


def _never_fail_to_print() -> None:
    """A name may hold letters that the terminal's encoding lacks; then they are spelled out."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
