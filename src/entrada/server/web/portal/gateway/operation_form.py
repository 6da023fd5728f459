"""An operation as a form shows it: rows of parameters and of examples, each with a number in its fields' names.

What the form does not show, schemas and headers of answers, stays with the row that it belongs to.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from attrs import evolve, field, frozen

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.gateway.entities.ids import OperationId
from entrada.core.gateway.entities.operation import (
    PARAMETER,
    Operation,
    Parameter,
    Representation,
    RequestDescription,
    ResponseDescription,
)
from entrada.server.web.signed_in.form import Form

SPARE: Final = 2  # empty rows below those that are filled in; one where a row is tall
MOST_ROWS: Final = 60
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
_DEFAULT: Final = "default"
_FIRST: Final = {  # of a row's fields: without it the row says nothing
    "template": "name",
    "query": "name",
    "headers": "name",
    "request": "contentType",
    "responses": "statusCode",
}
T = TypeVar("T")


@frozen(kw_only=True)
class Answer:
    """A row of the form: one representation of one response."""

    status_code: str = ""
    description: str = ""
    content_type: str = ""
    example: str = ""


@frozen(kw_only=True)
class Rows:
    """As many as there are, and some to fill in."""

    template: list[Parameter] = field(factory=list[Parameter])
    query: list[Parameter] = field(factory=list[Parameter])
    headers: list[Parameter] = field(factory=list[Parameter])
    request: list[Representation] = field(factory=list[Representation])
    responses: list[Answer] = field(factory=list[Answer])


def rows_of(operation: Operation | None, entered: Form | None) -> Rows:
    """*entered*, what was typed, keeps as many rows as it came with."""
    request = operation.request if operation else RequestDescription()
    answers = list(_answers(operation.responses)) if operation else []
    return Rows(
        template=_padded(
            operation.template_parameters if operation else (), Parameter(name=""), entered, "template", 0
        ),
        query=_padded(request.query_parameters, Parameter(name=""), entered, "query"),
        headers=_padded(request.headers, Parameter(name=""), entered, "headers"),
        request=_padded(request.representations, Representation(content_type=""), entered, "request", 1),
        responses=_padded(answers, Answer(), entered, "responses", 1),
    )


def _padded(rows: Sequence[T], empty: T, entered: Form | None, name: str, spare: int = SPARE) -> list[T]:
    count = max(len(rows) + spare, _typed(entered, name) if entered else 0)
    return [*rows, *([empty] * (count - len(rows)))]


def _typed(form: Form, name: str) -> int:
    """How many rows of that name a form came with."""
    return next((at for at in range(MOST_ROWS) if not form.has(f"{name}.{at}.{_FIRST[name]}")), MOST_ROWS)


def _answers(responses: Iterable[ResponseDescription]) -> Iterator[Answer]:
    for one in responses:
        for shown in one.representations or (Representation(content_type=""),):
            yield Answer(
                status_code=str(one.status_code),
                description=one.description,
                content_type=shown.content_type,
                example=example_of(shown),
            )


def example_of(shown: Representation) -> str:
    return next(iter(shown.examples.values()), "")


def operation_from(form: Form, before: Operation | None, fallback: str) -> Operation | Problem:
    """*fallback*: its id, where it has none yet and the form says none."""
    template, was = form.get("urlTemplate").strip(), before.request if before else RequestDescription()
    representations = _representations(form, was.representations)
    responses = _responses(form, before.responses if before else ())
    if isinstance(representations, Problem):
        return representations
    if isinstance(responses, Problem):
        return responses
    return Operation(
        id=before.id if before else OperationId(form.text("name") or fallback),
        display_name=form.get("displayName").strip(),
        method=form.get("method").strip().upper(),
        url_template=template,
        description=form.get("description").strip(),
        template_parameters=_of_template(template, _parameters(form, "template", _kept(before))),
        request=evolve(
            was,
            query_parameters=_parameters(form, "query", was.query_parameters),
            headers=_parameters(form, "headers", was.headers),
            representations=representations,
        ),
        responses=responses,
    )


def _kept(before: Operation | None) -> tuple[Parameter, ...]:
    return before.template_parameters if before else ()


def _of_template(template: str, described: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """Those that the template names, in its order, as far as they are described."""
    known = {one.name: one for one in described}
    names = dict.fromkeys(name for _, name in PARAMETER.findall(template))
    return tuple(known.get(name, Parameter(name=name, required=True)) for name in names)


def _parameters(form: Form, rows: str, before: Iterable[Parameter]) -> tuple[Parameter, ...]:
    known = {one.name: one for one in before}
    return tuple(
        evolve(
            known.get(name, Parameter(name=name)),
            type=form.text(f"{place}.type") or "string",
            required=form.has(f"{place}.required"),
            description=form.get(f"{place}.description").strip(),
            default_value=form.text(f"{place}.defaultValue"),
        )
        for place, name in _filled(form, rows)
    )


def _filled(form: Form, rows: str) -> Iterator[tuple[str, str]]:
    """The rows in which the first field says something, and what it says."""
    for at in range(_typed(form, rows)):
        place = f"{rows}.{at}"
        said = form.text(f"{place}.{_FIRST[rows]}")
        if said:
            yield place, said


def _representations(form: Form, before: Sequence[Representation]) -> tuple[Representation, ...] | Problem:
    known = {one.content_type: one for one in before}
    made: list[Representation] = []
    for place, content_type in _filled(form, "request"):
        shown = _shown(form, place, known.get(content_type, Representation(content_type=content_type)))
        if isinstance(shown, Problem):
            return shown
        made.append(shown)
    return tuple(made)


def _responses(form: Form, before: Sequence[ResponseDescription]) -> tuple[ResponseDescription, ...] | Problem:
    """Rows of one status are representations of one response."""
    known, made = {one.status_code: one for one in before}, dict[int, ResponseDescription]()
    for place, status in _filled(form, "responses"):
        if not (status.isascii() and status.isdigit() and 100 <= int(status[:6]) <= 599):
            return bad("A status code is a number from 100 to 599.", f"{place}.statusCode")
        code = int(status)
        was = known.get(code, ResponseDescription(status_code=code))
        answer = made.get(code, evolve(was, representations=()))
        added = _representation_of(form, place, was)
        if isinstance(added, Problem):
            return added
        said = form.get(f"{place}.description").strip() or answer.description
        made[code] = evolve(answer, description=said, representations=(*answer.representations, *added))
    return tuple(made.values())


def _representation_of(form: Form, place: str, was: ResponseDescription) -> tuple[Representation, ...] | Problem:
    content_type = form.text(f"{place}.contentType")
    if content_type is None:
        has_example = form.text(f"{place}.example")
        return bad("Say what content type the example has.", f"{place}.contentType") if has_example else ()
    known = {one.content_type: one for one in was.representations}
    shown = _shown(form, place, known.get(content_type, Representation(content_type=content_type)))
    return shown if isinstance(shown, Problem) else (shown,)


def _shown(form: Form, place: str, before: Representation) -> Representation | Problem:
    """*before* with the example that was typed in place of its first."""
    text = form.get(f"{place}.example").strip()
    if text and "json" in before.content_type and not _is_json(text):
        return bad("The example is no JSON: check its quotes, commas and braces.", f"{place}.example")
    return evolve(before, examples=_examples(before.examples, text))


def _examples(before: Mapping[str, str], text: str) -> dict[str, str]:
    first, *others = before or (_DEFAULT,)
    return {**({first: text} if text else {}), **{name: before[name] for name in others}}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
