"""The form of Try it: as it begins, as it was typed, and the request it stands for."""

from collections.abc import Iterable, Iterator
from typing import Final

from attrs import field, frozen

from entrada.core.gateway.console.request import WITHOUT_BODY, Filled, parameters_of
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import Operation, Parameter
from entrada.server.web.signed_in.form import Form

NOT_KEPT: Final = frozenset({"csrf", "do", "password"})
_BLANK_ROWS: Final = 2


@frozen(kw_only=True)
class Field:
    name: str  # of the form's field
    label: str
    value: str
    description: str = ""
    required: bool = False
    options: tuple[str, ...] = ()


@frozen(kw_only=True)
class View:
    """What the template shows of it."""

    template: tuple[Field, ...]
    query: tuple[Field, ...]
    headers: tuple[Field, ...]
    more_query: tuple[tuple[str, str], ...] = field(repr=False)
    more_headers: tuple[tuple[str, str], ...] = field(repr=False)
    takes_body: bool
    content_types: tuple[str, ...]
    content_type: str
    body: str = field(repr=False)
    key: str
    auth: str
    scope: str
    username: str


def beginning(api: Api, operation: Operation, *, body: str, key: str, auth: str) -> Form:
    """With what the operation says of its parameters."""
    pairs = [
        *((f"t.{one.name}", _begins(one)) for one in _template_parameters(operation)),
        *((f"q.{one.name}", _begins(one) if one.required else one.default_value or "") for one in _queries(operation)),
        *((f"h.{one.name}", _begins(one) if one.required else one.default_value or "") for one in _headers(operation)),
        ("content_type", next((one.content_type for one in operation.request.representations), "application/json")),
        ("body", body),
        ("key", key),
        ("auth", auth),
    ]
    return Form(tuple(pairs))


def filled(operation: Operation, form: Form) -> Filled:
    more_query, more_headers = (_pairs(form, names) for names in (("qn", "qv"), ("hn", "hv")))
    return Filled(
        template={name: form.get(f"t.{name}").strip() for name in parameters_of(operation)},
        query=(*((one.name, form.get(f"q.{one.name}")) for one in _queries(operation)), *more_query),
        headers=(
            *((one.name, value) for one in _headers(operation) if (value := form.get(f"h.{one.name}")).strip()),
            *more_headers,
        ),
        content_type=form.get("content_type").strip(),
        body="" if operation.method in WITHOUT_BODY else form.get("body"),
    )


def view(operation: Operation, form: Form) -> View:
    kinds = tuple(one.content_type for one in operation.request.representations)
    blank = (("", ""),) * _BLANK_ROWS
    return View(
        template=tuple(_shown("t", one, form) for one in _template_parameters(operation)),
        query=tuple(_shown("q", one, form) for one in _queries(operation)),
        headers=tuple(_shown("h", one, form) for one in _headers(operation)),
        more_query=(*_pairs(form, ("qn", "qv")), *blank),
        more_headers=(*_pairs(form, ("hn", "hv")), *blank),
        takes_body=operation.method not in WITHOUT_BODY,
        content_types=kinds,
        content_type=form.get("content_type"),
        body=form.get("body"),
        key=form.get("key"),
        auth=form.get("auth"),
        scope=form.get("scope"),
        username=form.get("username"),
    )


def to_keep(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """What is worth keeping over a sign-in, and no password."""
    return tuple((name, value) for name, value in pairs if name not in NOT_KEPT)


def _template_parameters(operation: Operation) -> list[Parameter]:
    described = {one.name: one for one in operation.template_parameters}
    return [described.get(name) or Parameter(name=name, required=True) for name in parameters_of(operation)]


def _queries(operation: Operation) -> list[Parameter]:
    return [one for one in operation.request.query_parameters if one.name not in parameters_of(operation)]


def _headers(operation: Operation) -> list[Parameter]:
    """The others are written by their own fields."""
    return [one for one in operation.request.headers if one.name.lower() not in ("content-type", "authorization")]


def _begins(one: Parameter) -> str:
    return one.default_value or one.example or next(iter(one.values), "")


def _shown(kind: str, one: Parameter, form: Form) -> Field:
    name = f"{kind}.{one.name}"
    return Field(
        name=name,
        label=one.name,
        value=form.get(name),
        description=one.description,
        required=one.required or kind == "t",
        options=one.values,
    )


def _pairs(form: Form, names: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    both = zip(form.all(names[0]), form.all(names[1]), strict=False)
    return tuple(_typed(both))


def _typed(both: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield from ((name, value) for name, value in both if name.strip() or value.strip())
