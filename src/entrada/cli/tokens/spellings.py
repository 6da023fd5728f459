"""What the options of the token commands take: flows and scopes in every spelling, lengths of time."""

import re
from typing import Any, Final

import click

from entrada.cli.profiles.words import FlowName, parse_flow, parse_scopes
from entrada.core.jose.numeric_date import Seconds

_SCOPE: Final = r"[\x21\x23-\x5b\x5d-\x7e]+"  # RFC 6749 §3.3
_LENGTH: Final = r"(\d{1,6})(ms|s|m|h|)"
_UNITS: Final = {"": 1.0, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class FlowType(click.ParamType[FlowName]):
    """`client-credentials`, `ClientCredentials`, `client_credentials`: all one."""

    name = "flow"

    def convert(self, value: str | FlowName, param: click.Parameter | None, ctx: click.Context | None) -> FlowName:
        found = parse_flow(value)
        if found is None:
            self.fail(f"Invalid flow: {value}. There are {', '.join(FlowName)}.", param, ctx)
        return found


class ScopesType(click.ParamType[tuple[str, ...]]):
    """Separated by spaces or commas, or both."""

    name = "scopes"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        found = parse_scopes(value)
        if not found or not all(re.fullmatch(_SCOPE, one) for one in found):
            self.fail(f"{value!r} is no list of scopes.", param, ctx)
        return found


class LengthType(click.ParamType[float]):
    """`30s`, `2m`, `1h`, `90`: seconds."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = re.fullmatch(_LENGTH, str(value).strip().lower())
        length = float(found[1]) * _UNITS[found[2]] if found else 0.0
        if length <= 0:
            self.fail(f"{value!r} is no length of time, such as 30s or 2m.", param, ctx)
        return length


def in_words(length: Seconds) -> str:
    """As short as it can be told apart: 59 min, 2 h 5 min, 40 s."""
    if length < 60:
        return f"{max(0, length)} s"
    hours, minutes = divmod(length // 60, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"
