"""Run a program: what it finds in its environment, the signals it is passed, the code it ends with."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from entrada.cli.endings import Ended
from entrada.cli.tokens.identity_endpoint import serving
from entrada.cli.tokens.options import Options
from entrada.cli.tokens.own_roots import bundle_for, roots_for
from entrada.cli.tokens.question import Question
from entrada.client.authority import Shape

Program: TypeAlias = "subprocess.Popen[bytes]"

_NOT_THERE: Final = 127  # as shells say it
_NOT_TO_BE_RUN: Final = 126
_BY_SIGNAL: Final = 128
_PASSED_ON: Final = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2")
_IGNORED_BY_PYTHON: Final = ("SIGPIPE", "SIGXFSZ")
_ANOTHERS: Final = (  # by which an SDK would come by tokens of somebody else, before or in place of ours
    "AZURE_CLIENT_SECRET",
    "AZURE_CLIENT_CERTIFICATE_PATH",
    "AZURE_CLIENT_CERTIFICATE_PASSWORD",
    "AZURE_FEDERATED_TOKEN_FILE",
    "AZURE_USERNAME",
    "AZURE_PASSWORD",
    "AZURE_POD_IDENTITY_AUTHORITY_HOST",
    "IDENTITY_SERVER_THUMBPRINT",
    "IMDS_ENDPOINT",
    "MSI_ENDPOINT",
    "MSI_SECRET",
    "ENTRADA_CLIENT_SECRET",
    "ENTRADA_CERTIFICATE",
    "ENTRADA_CERTIFICATE_PASSWORD",
    "ENTRADA_FEDERATED_TOKEN_FILE",
    "ENTRADA_AUTHORITY",  # of which one is said anew
    "ENTRADA_ISSUER",
    "ENTRADA_TENANT",
    "ENTRADA_INSTANCE",
)


def environment(asked: Question, ours: Mapping[str, str]) -> dict[str, str]:
    parts = urlsplit(asked.authority.url)
    tenant = asked.authority.tenant
    return {
        **{name: value for name, value in ours.items() if name not in _ANOTHERS},
        **_trust(asked),
        "AZURE_CLIENT_ID": asked.client_id,
        "AZURE_AUTHORITY_HOST": f"{parts.scheme}://{parts.netloc}",
        "ENTRADA_AUTHORITY" if asked.authority.shape is Shape.ENTRA else "ENTRADA_ISSUER": asked.authority.url,
        "ENTRADA_CLIENT_ID": asked.client_id,
        **({"AZURE_TENANT_ID": tenant} if tenant else {}),
    }


def _trust(asked: Question) -> dict[str, str]:
    """In place of what this shell says: a bundle that lacks the authority's roots is of no use to its program."""
    ca_file, bundle = roots_for(asked), bundle_for(asked)
    if ca_file is None or bundle is None:
        return {}
    return {
        **dict.fromkeys(("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE"), str(bundle.absolute())),
        "NODE_EXTRA_CA_CERTS": str(ca_file.absolute()),
        "ENTRADA_CA_FILE": str(ca_file.absolute()),
    }


def become(command: Sequence[str], environment: Mapping[str, str]) -> None:
    """The program takes this one's place: does not return.  Raises Ended where it cannot be."""
    sys.stdout.flush()
    sys.stderr.flush()
    for name in _IGNORED_BY_PYTHON:  # and by nobody who writes a program
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    with _told(command):
        os.execvpe(command[0], list(command), dict(environment))  # noqa: S606 - what the person asked to run


def run(command: Sequence[str], environment: Mapping[str, str], asked: Question, options: Options) -> int:
    """Its exit code, or 128 and the number of the signal that ended it.  Raises Ended where it cannot be begun."""
    with serving(asked, options) as variables, passing_signals_on() as to, _told(command):
        process = subprocess.Popen(list(command), env={**environment, **variables})  # noqa: S603 - asked to run
        to(process)
        code = process.wait()
    return code if code >= 0 else _BY_SIGNAL - code


@contextmanager
def _told(command: Sequence[str]) -> Generator[None]:
    try:
        yield
    except FileNotFoundError:
        raise Ended(f"There is no program {command[0]}.", _NOT_THERE) from None
    except OSError as error:
        raise Ended(f"{command[0]} cannot be run: {error.strerror}.", _NOT_TO_BE_RUN) from None


@contextmanager
def passing_signals_on() -> Generator[Callable[[Program], None]]:
    """To the program that is named, those too that came before it began; a terminal sends Ctrl-C there itself."""
    programs: list[Program] = []
    came_early: list[int] = []

    def pass_on(number: int, _: FrameType | None) -> None:
        if not programs:
            came_early.append(number)
        for program in programs:
            program.send_signal(number)  # which looks first whether it still runs

    def begun(program: Program) -> None:
        programs.append(program)
        for number in came_early:
            program.send_signal(number)

    def nothing(_number: int, _frame: FrameType | None) -> None:
        """The terminal has told the program itself."""

    handlers: dict[int, Callable[[int, FrameType | None], None]]
    handlers = {getattr(signal, name): pass_on for name in _PASSED_ON}
    handlers[signal.SIGINT] = nothing if _at_a_terminal() else pass_on
    # What was ignored when this began (nohup) stays so, for the program too.
    heeded = [number for number in handlers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handlers[number]) for number in heeded}
    try:
        yield begun
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _at_a_terminal() -> bool:
    """Whether the terminal's keys reach this process, and with it the program."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)
