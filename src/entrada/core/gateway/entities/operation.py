"""An operation of an API: a method and a template of its URL.  Gateway reference section 13.2."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import field, frozen

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway import headers
from entrada.core.gateway.entities.ids import OperationId, about_id, about_name

LONGEST_TEMPLATE: Final = 1000
PARAMETER: Final = re.compile(r"\{(\*?)([A-Za-z0-9_.~-]+)\}")
_OUTSIDE: Final = re.compile(r"[A-Za-z0-9._~!$'()*+,;:@%/=&?-]*")


@frozen(kw_only=True)
class Representation:
    content_type: str
    examples: Mapping[str, str] = field(factory=dict[str, str])  # by name; the text of a body
    schema: Mapping[str, object] | None = None  # its references lead to the schemas of the API


@frozen(kw_only=True)
class Parameter:
    name: str
    type: str = "string"
    required: bool = False
    description: str = ""
    default_value: str | None = None
    values: tuple[str, ...] = ()
    example: str | None = None  # to begin a trial with


@frozen(kw_only=True)
class RequestDescription:
    description: str = ""
    query_parameters: tuple[Parameter, ...] = ()
    headers: tuple[Parameter, ...] = ()
    representations: tuple[Representation, ...] = ()


@frozen(kw_only=True)
class ResponseDescription:
    status_code: int
    description: str = ""
    headers: tuple[Parameter, ...] = ()
    representations: tuple[Representation, ...] = ()


@frozen(kw_only=True)
class Operation:
    id: OperationId
    display_name: str
    method: str
    url_template: str  # starts with a slash; {name} is one segment, a final {*name} the rest
    description: str = ""
    template_parameters: tuple[Parameter, ...] = ()
    request: RequestDescription = field(factory=RequestDescription)
    responses: tuple[ResponseDescription, ...] = ()


def problems(operation: Operation) -> Iterator[Broken]:
    yield from about_id(operation.id, 80)
    yield from about_name(operation.display_name)
    if not headers.is_name(operation.method):
        yield Broken("A method is one word, as HTTP has them: GET.", "method")
    yield from _about_template(operation.url_template)


def _about_template(template: str) -> Iterator[Broken]:
    path, _, _ = template.partition("?")
    if not template.startswith("/") or len(template) > LONGEST_TEMPLATE:
        yield Broken(f"A template starts with a slash and has at most {LONGEST_TEMPLATE} characters.", "urlTemplate")
    if not _OUTSIDE.fullmatch(PARAMETER.sub("", template)):
        yield Broken("Outside of {parameters} a template is a URL's path and query.", "urlTemplate")
    names = [name for _, name in PARAMETER.findall(template)]
    for name, times in Counter(names).items():
        if times > 1:
            yield Broken(f"The parameter {{{name}}} stands in the template twice.", "urlTemplate")
    for segment in path.split("/")[1:]:
        if "{*" in segment and not (path.endswith(f"/{segment}") and PARAMETER.fullmatch(segment)):
            yield Broken("A parameter for the rest of the path ({*name}) must be the last segment.", "urlTemplate")
    if any(segment in (".", "..") for segment in path.split("/")):
        yield Broken("A template has no segment of dots.", "urlTemplate")
