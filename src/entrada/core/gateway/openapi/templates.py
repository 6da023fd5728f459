"""The template of an operation's URL: a path of the document, and the query parameters that it cannot do without."""

import re
from typing import Final

from attrs import frozen

from entrada.core.gateway.entities.operation import PARAMETER, Parameter
from entrada.core.gateway.openapi.reading import Reading
from entrada.core.gateway.openapi.spot import Spot

_NAME: Final = re.compile(r"[A-Za-z0-9_.~-]+")


@frozen(kw_only=True)
class Template:
    url: str
    parameters: tuple[Parameter, ...]
    query_parameters: tuple[Parameter, ...]  # that are not part of it


def template(
    reading: Reading, spot: Spot, in_path: tuple[Parameter, ...], in_query: tuple[Parameter, ...], *, takes_query: bool
) -> Template:
    """*spot* is the path; *takes_query*: required query parameters become part of the template, as Azure has it."""
    path = spot.path[-1]
    names = [name for _, name in PARAMETER.findall(path)]
    described = {one.name: one for one in in_path}
    for name in described.keys() - set(names):
        reading.fault(
            spot,
            f"The path parameter `{name}` is described, and the path has no such part.",
            f"Write {{{name}}} into the path, or leave its description out.",
        )
    required = _required(reading, spot, in_query, set(names)) if takes_query else ()
    asked = "&".join(f"{one.name}={{{one.name}}}" for one in required)
    return Template(
        url=f"{path}{'&' if '?' in path else '?'}{asked}" if asked else path,
        parameters=(*(described.get(name) or Parameter(name=name, required=True) for name in names), *required),
        query_parameters=tuple(one for one in in_query if one not in required),
    )


def _required(reading: Reading, spot: Spot, in_query: tuple[Parameter, ...], taken: set[str]) -> tuple[Parameter, ...]:
    wanted = [one for one in in_query if one.required]
    fitting = [one for one in wanted if one.name not in taken and _NAME.fullmatch(one.name)]
    for one in wanted:
        if one not in fitting:
            reading.remark(
                spot, f"The query parameter `{one.name}` cannot stand in a template: it stays a query parameter."
            )
    return tuple(fitting)
