"""`entrada gateway`: policies of API gateways, checked where they are written."""

import re
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from entrada.cli.data_output import as_json
from entrada.cli.endings import FAILED
from entrada.cli.unseen import masked

if TYPE_CHECKING:
    from entrada.core.gateway.document.fault import Fault
    from entrada.core.gateway.named_values import NamedValue

_NAMED_VALUE: Final = re.compile(r"[A-Za-z0-9._-]{1,256}")
_LARGEST: Final = 1_000_000  # bytes that are read of a file: more than a document may have, so that it is told


@click.group()
def gateway() -> None:
    """Policies of API gateways."""


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
@click.pass_context
def check(
    ctx: click.Context, /, *, files: tuple[BinaryIO, ...], scope: str, named: tuple[str, ...], output: str
) -> None:
    """Check policy documents: what is wrong, where, and what to write instead.

    They are read as Azure API Management takes them, with raw quotes and < inside @(...) and @{...}, or escaped. All
    that is wrong is told, a line for each, as FILE:LINE:COLUMN. Ends with 0 where nothing is, with 1 otherwise. - is
    standard input.

    \b
      entrada gateway check policies/*.xml
      entrada gateway check --scope product --named-value tenant=contoso.com product.xml
      git show HEAD:policy.xml | entrada gateway check -
      entrada gateway check -o json policy.xml | jq '.[].what'
    """
    values = _named_values(named)
    found = [(_name(file), fault) for file in files for fault in _faults(file, scope, values)]
    if output == "json":
        click.echo(as_json([_as_data(name, fault) for name, fault in found]))
    else:
        for name, fault in found:
            click.echo(masked(f"{name}:{fault}"))
    ctx.exit(FAILED if found else 0)


def _name(file: BinaryIO) -> str:
    return str(getattr(file, "name", "<stdin>"))


def _faults(file: BinaryIO, scope: str, values: "dict[str, NamedValue]") -> "tuple[Fault, ...]":
    from entrada.core.gateway import check as checking

    return checking.check(file.read(_LARGEST), scope, values)


def _named_values(named: tuple[str, ...]) -> "dict[str, NamedValue]":
    from entrada.core.gateway.named_values import NamedValue, by_name

    pairs = [one.partition("=") for one in named]
    for name, equals, _ in pairs:
        if not (equals and _NAMED_VALUE.fullmatch(name)):
            raise click.BadParameter(f"{name!r} is no NAME=VALUE.", param_hint="--named-value")
    return by_name(*(NamedValue(name, value) for name, _, value in pairs))


def _as_data(name: str, fault: "Fault") -> dict[str, object]:
    place = fault.place
    return {"file": name, "line": place.line, "column": place.column, "what": fault.what, "instead": fault.instead}
