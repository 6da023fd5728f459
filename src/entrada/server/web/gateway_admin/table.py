"""Everything that the gateway's admin API answers, and which row a request is for."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from attrs import frozen

from entrada.core.directory.administration.problem import Problem
from entrada.server.web.gateway_admin import apis, named_values, policies, products, sign_in, subscriptions
from entrada.server.web.gateway_admin.row import Row

TABLE: Final = (
    *apis.ROWS,
    *policies.ROWS,
    *products.ROWS,
    *subscriptions.ROWS,
    *sign_in.ROWS,
    *named_values.ROWS,
)
_KEY: Final = re.compile(r"\{([a-z]+)\}")


@frozen
class Chosen:
    row: Row
    keys: Mapping[str, str]


def choose(method: str, path: str) -> Chosen | Problem:
    """A row whose path is written out comes before one with keys."""
    fitting = [(row, found) for row in _ordered() if (found := _pattern(row.path).fullmatch(path))]
    if not fitting:
        return Problem(status=404, code="Request_ResourceNotFound", message=f"There is nothing at /{path[:200]}.")
    for row, found in fitting:
        if row.method == method:
            return Chosen(row, found.groupdict())
    return Problem(status=405, code="MethodNotAllowed", message=f"This address does not take {method}.")


def methods_of(path: str) -> frozenset[str]:
    return frozenset(row.method for row in TABLE if _pattern(row.path).fullmatch(path))


@cache
def _ordered() -> tuple[Row, ...]:
    return tuple(sorted(TABLE, key=lambda row: row.path.count("{")))


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_KEY.sub(r"(?P<\1>[^/]+)", path.removeprefix("/")))
