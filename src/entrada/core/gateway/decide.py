"""What becomes of a request: forward it, changed, or answer it; and of the backend's response.  Design section 7.

Nothing is fetched, read or remembered here: keys of issuers, counters, the caller's address and the time are arguments,
and what changes of the counters is part of the verdict.  It is also what Envoy is held to.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from attrs import evolve

from entrada.core.gateway import headers, preflight
from entrada.core.gateway.admission import Admission, admit, presented_key
from entrada.core.gateway.counters import Window
from entrada.core.gateway.counting import settled_as_abandoned
from entrada.core.gateway.elements import cors
from entrada.core.gateway.elements.set_backend_service import service_address
from entrada.core.gateway.entities.ids import OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.exchange import Address, Request, Response
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.matching import Matched, behind, chosen_api, matched
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.paths import normalised
from entrada.core.gateway.running import fail, run
from entrada.core.gateway.service import PublishedApi, Service
from entrada.core.gateway.trace import Entry
from entrada.core.gateway.verdict import Answer, Forward, Verdict

_NONE: Final = Operation(id=OperationId(""), display_name="", method="", url_template="/")


class BackendFailed(Enum):
    """Why a backend gave no response."""

    TIMEOUT = "Timeout", "The backend did not answer in time."
    CONNECTION = "BackendConnectionFailure", "The backend could not be reached."


def decide(service: Service, request: Request, facts: Facts) -> Verdict:
    """The verdict on *request*, whose framing whoever received it has checked."""
    path = normalised(request.url.path)
    if path is None:
        return _unserved(request, _BAD_PATH, "can be read as another path")
    if path != request.url.path:
        request = evolve(request, url=evolve(request.url, path=path))
    api = chosen_api((one.api for one in service.apis.values()), path)
    rest = behind(api, path) if api is not None else None
    if api is None or rest is None:
        return _unserved(request, _NO_API, "no API has this path")
    published = service.apis[api.id]
    found = matched(published.by_method, request.method, rest, request.url.query)
    if found is None and cors.is_preflight(request):
        return _preflight(published, request, rest, facts, service.open_product(api))
    if found is None:
        passage = _passage(published, request, rest, facts, None)
        passage.note_step("operation", f"{request.method} {rest or '/'}", "no operation")
        return fail(passage, _no_operation(request, rest))
    return _admitted(service, published, found, request, rest, facts)


def conclude(forward: Forward, response: Response | BackendFailed, facts: Facts) -> Answer:
    """The rest of the policies, now that the backend has answered, or has not; *facts* are those of now."""
    passage = forward.passage.copied()
    passage.facts = facts
    failure = _of_backend(forward, response)
    if isinstance(response, Response):
        passage.response = response
        passage.note(f"the answer {response.status}", "goes on")
    verdict = run(passage) if failure is None else fail(passage, failure)
    # A passage asks its backend once, so what comes after is never another Forward.
    assert isinstance(verdict, Answer)  # noqa: S101
    return verdict


def abandon(forward: Forward, facts: Facts) -> Mapping[str, Window]:
    """What the counters are when the caller was gone, or too slow, before the backend had answered."""
    passage = forward.passage.copied()
    passage.facts = facts
    return settled_as_abandoned(passage)


def _admitted(
    service: Service, published: PublishedApi, found: Matched, request: Request, rest: str, facts: Facts
) -> Verdict:
    key = presented_key(published.api, request)
    admission = admit(service, published.api, key, facts.now)
    if isinstance(admission, Failure):
        passage = _passage(published, request, rest, facts, found)
        passage.hide(key or "")
        return fail(passage, admission)
    passage = _passage(published, request, rest, facts, found, admission)
    passage.key = key or ""
    passage.hide(passage.key)
    _note_admission(passage)
    return run(passage)


def _passage(
    published: PublishedApi,
    request: Request,
    rest: str,
    facts: Facts,
    found: Matched | None,
    admission: Admission | None = None,
) -> Passage:
    api, known = published.api, admission or Admission()
    operation = None if found is None else found.operation
    plan = published.plan(operation, known.product)
    passage = Passage(
        original=request,
        request=_behind_api(request, rest),
        facts=facts,
        api=api,
        operation=operation or _NONE,
        parameters={} if found is None else found.parameters,
        product=known.product,
        subscription=known.subscription,
        service=service_address(api.service_url) if api.service_url else None,
        plan=plan,
        agenda=plan.inbound,
    )
    passage.hide(*(value for name, value in request.headers if name.lower() in headers.SENSITIVE))
    return passage


def _behind_api(request: Request, rest: str) -> Request:
    url = request.url
    return Request(
        method=request.method,
        url=Address(scheme=url.scheme, host=url.host, port=url.port, path=rest, query=url.query),
        headers=request.headers,
        client_address=request.client_address,
    )


def _note_admission(passage: Passage) -> None:
    if not passage.facts.is_traced:
        return
    operation, subscription, product = passage.operation, passage.subscription, passage.product
    passage.note_step("operation", f"{passage.original.method} {passage.original.url.path}", f"is {operation.id}")
    saw = "no subscription key" if subscription is None else f"a key of the subscription {subscription.id}"
    where = "the API alone" if product is None else f"the product {product.id}"
    passage.note_step("subscription key", saw, f"let in, in the context of {where}")


def _preflight(published: PublishedApi, request: Request, rest: str, facts: Facts, product: Product | None) -> Verdict:
    """Asked by browsers before a request, without token or key: only `cors` has a say.

    Of products only an open one is known by then.
    """
    method = preflight.asked_method(request)
    found = matched(published.by_method, method, rest, request.url.query)
    passage = _passage(published, request, rest, facts, found, Admission(product=product))
    if found is None or not passage.plan.cors:
        passage.note_step("operation", f"a preflight for {method} {rest or '/'}", "no operation, or no cors policy")
        return fail(passage, _no_operation(request, rest))
    return preflight.answer(passage)


# ---- failures of built-in steps ------------------------------------------------------------------------------------


def _no_operation(request: Request, rest: str) -> Failure:
    return Failure(
        source="configuration",
        reason="OperationNotFound",
        message="Unable to match incoming request to an operation.",
        status=404,
        said="Resource not found",  # [unverified] as live services say it
        saw=f"{request.method} {rest or '/'}",
        would_pass="A method and a path of one of the API's operations.",
    )


_NO_API: Final = Failure(
    source="configuration",
    reason="OperationNotFound",
    message="Unable to match incoming request to an operation.",
    status=404,
    said="Resource not found",
    would_pass="A path that begins with that of an API.",
)
_BAD_PATH: Final = Failure(
    source="configuration",
    reason="BadPath",
    message="The path can be read in more than one way.",
    status=400,
    would_pass="A path without empty segments, segments of dots, escaped slashes, backslashes, NULs and a bare %.",
)


def _unserved(request: Request, failure: Failure, decided: str) -> Answer:
    """Before any API, and so any policy, has a say."""
    entry = Entry(
        section="inbound",
        element="operation",
        scope="global",
        place=None,
        saw=f"{request.method} {request.url.path}",
        decided=decided,
        would_pass=failure.would_pass,
        refused=True,
    )
    return Answer(response=failure.response, counted={}, trace=(entry,), failure=failure)


def _of_backend(forward: Forward, response: Response | BackendFailed) -> Failure | None:
    if isinstance(response, BackendFailed):
        reason, message = response.value
        return Failure(
            source="forward-request",
            reason=reason,
            message=message,
            saw=message,
            would_pass="The same request, once the backend answers: look at the API's service URL.",
        )
    if forward.fails_on_error_status and response.status >= 400:
        return Failure(
            source="forward-request",
            reason="BackendErrorStatus",  # [unverified] Azure's name of it
            message=f"The backend answered {response.status}.",
            status=response.status,
            would_pass="A request that the backend does not refuse.",
        )
    return None
