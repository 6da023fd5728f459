"""`rewrite-uri` and `set-query-parameter`: the path and the query that the backend sees.  Gateway reference section 9.

Parameters of a query are changed where a request has none; Envoy would put those of others into another order.
"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from attrs import evolve

from entrada.core.gateway.elements.exists_action import DELETE
from entrada.core.gateway.elements.rewrite_uri import RewriteUri
from entrada.core.gateway.elements.set_query_parameter import SetQueryParameter
from entrada.core.gateway.elements.value import Computed
from entrada.core.gateway.entities.operation import PARAMETER
from entrada.core.gateway.envoy import matches
from entrada.core.gateway.envoy.known import all_known, known
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.envoy.way import Way
from entrada.core.gateway.paths import is_climbing

_GROUPS: Final = 9  # that a substitution of RE2 can name, by one digit each
_SAFE: Final = "/-._~!$&'()*+,;=:@%"  # as the policy itself


def rewritten(policy: RewriteUri, way: Way) -> Iterator[Way]:
    """Raises NotNative."""
    template = known(policy.template, way)
    if way.path is not None or way.added_query:
        raise NotNative("the URL is changed twice")
    path, asked, _ = template.partition("?")
    if asked or (isinstance(policy.template, Computed) and PARAMETER.search(template)):
        raise NotNative("<rewrite-uri> writes a query, or its template is computed")
    path = path if path.startswith("/") else f"/{path}"
    literal = PARAMETER.sub("x", path)
    if is_climbing(literal) or quote(literal, safe=_SAFE) != literal or not literal.isascii():
        raise NotNative("<rewrite-uri> writes an unusual path")
    given = {name: star for star, name in PARAMETER.findall(way.operation.url_template)}
    if any(star or given.get(name, "*") for star, name in PARAMETER.findall(path)):
        raise NotNative("<rewrite-uri> uses a parameter that is not one segment of the operation's path")
    if len(given) > _GROUPS and PARAMETER.search(path):
        raise NotNative(f"<rewrite-uri> in an operation of more than {_GROUPS} parameters")
    if re.search(r"\}[0-9]", path):
        raise NotNative("<rewrite-uri> writes a digit behind a parameter")
    found = evolve(way, path=path)
    yield found if known(policy.copies, way) else found.where(_NO_QUERY)


def asked_for(policy: SetQueryParameter, way: Way) -> Iterator[Way]:
    """Raises NotNative."""
    name, action = known(policy.setting.name, way), known(policy.setting.action, way)
    values = () if action == DELETE else all_known(policy.setting.values, way)
    added = tuple(f"{quote(name, safe='')}={quote(one, safe='')}" for one in values)
    before = f"{quote(name, safe='')}="
    if way.sole_query is not None or any(one.startswith(before) for one in way.added_query):
        raise NotNative("a parameter of the query is changed twice")
    keys = way.api.subscription_key_parameter_names.query.casefold()
    if name.casefold() == keys:
        raise NotNative("<set-query-parameter> writes the subscription key")
    yield evolve(way.where(_NO_QUERY), added_query=(*way.added_query, *added))


_NO_QUERY: Final = matches.fitting(":path", "[^?]*")
