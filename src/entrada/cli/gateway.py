"""`entrada gateway`: the API gateway, and its policies, checked where they are written."""

import re
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from entrada.cli.collector import loaded
from entrada.cli.data_output import as_json
from entrada.cli.endings import FAILED
from entrada.cli.unseen import masked

if TYPE_CHECKING:
    from entrada.core.gateway.document.fault import Fault
    from entrada.core.gateway.named_values import NamedValue

_NAMED_VALUE: Final = re.compile(r"[A-Za-z0-9._-]{1,256}")
_FAULT: Final = "fault"
_WARNING: Final = "warning"
_LARGEST: Final = 1_000_000  # bytes that are read of a file: more than a document may have, so that it is told


_LATER: Final = {  # the module and the command in it: a check of policies need not wait for them
    "apis": ("entrada.cli.gateway_files", "apis"),
    "apply": ("entrada.cli.gateway_files", "apply"),
    "export": ("entrada.cli.gateway_files", "export"),
    "import": ("entrada.cli.gateway_files", "import_"),
    "serve": ("entrada.cli.gateway_serve", "serve"),
}


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted((*super().list_commands(ctx), *_LATER))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _LATER:
            return super().get_command(ctx, cmd_name)
        module, name = _LATER[cmd_name]
        command: click.Command = getattr(loaded(module), name)
        return command


@click.group(cls=_Group)
def gateway() -> None:
    """The API gateway: serve it, say what it serves, check its policies."""


@gateway.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.File("rb"))
@click.option(
    "-s", "--scope", type=click.Choice(["global", "product", "api", "operation"]), default="api", show_default=True,
    help="Whose policies they are: some may not stand everywhere.",
)  # fmt: skip
@click.option(
    "-n", "--named-value", "named", metavar="NAME=VALUE", multiple=True,
    help="What {{NAME}} stands for; may be said again. Any of the right shape will do: give no real secret.",
)  # fmt: skip
@click.option(
    "-o", "--output", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Lines that editors take you to, or data for scripts.",
)  # fmt: skip
@click.option("--strict", is_flag=True, help="Warnings end the command with 1 as well.")
@click.pass_context
def check(
    ctx: click.Context, /, *, files: tuple[BinaryIO, ...], scope: str, named: tuple[str, ...], output: str, strict: bool
) -> None:
    """Check policy documents: what is wrong, where, and what to write instead.

    They are read as Azure API Management takes them, with raw quotes and < inside @(...) and @{...}, or escaped. All
    that is wrong is told, a line for each, as FILE:LINE:COLUMN, and where nothing is, what is unwise, as a warning.
    Ends with 1 where something is wrong, with 0 otherwise. - is standard input.

    \b
      entrada gateway check policies/*.xml
      entrada gateway check --scope product --named-value tenant=contoso.com product.xml
      git show HEAD:policy.xml | entrada gateway check -
      entrada gateway check -o json policy.xml | jq '.[].what'
    """
    values = _named_values(named)
    found = [(_name(file), *told) for file in files for told in _told(file, scope, values)]
    if output == "json":
        click.echo(as_json([_as_data(*one) for one in found]))
    else:
        for one in found:
            click.echo(masked(_as_line(*one)))
    ctx.exit(FAILED if any(strict or severity == _FAULT for _, severity, _ in found) else 0)


def _name(file: BinaryIO) -> str:
    return str(getattr(file, "name", "<stdin>"))


def _told(file: BinaryIO, scope: str, values: "dict[str, NamedValue]") -> "list[tuple[str, Fault]]":
    from entrada.core.gateway import check as checking

    checked = checking.check(file.read(_LARGEST), scope, values)
    return [*((_FAULT, one) for one in checked.faults), *((_WARNING, one) for one in checked.warnings)]


def _named_values(named: tuple[str, ...]) -> "dict[str, NamedValue]":
    from entrada.core.gateway.named_values import NamedValue, by_name

    pairs = [one.partition("=") for one in named]
    for name, equals, _ in pairs:
        if not (equals and _NAMED_VALUE.fullmatch(name)):
            raise click.BadParameter(f"{name!r} is no NAME=VALUE.", param_hint="--named-value")
    return by_name(*(NamedValue(name, value) for name, _, value in pairs))


def _as_line(name: str, severity: str, fault: "Fault") -> str:
    return (
        f"{name}:{fault.place}: {f'{severity}: ' if severity == _WARNING else ''}{fault.what} Instead: {fault.instead}"
    )


def _as_data(name: str, severity: str, fault: "Fault") -> dict[str, object]:
    place = fault.place
    told = {"file": name, "line": place.line, "column": place.column, "severity": severity}
    return {**told, "what": fault.what, "instead": fault.instead}
