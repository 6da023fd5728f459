"""Policies one after the other, section by section, until somebody answers or the backend is to be asked."""

from typing import Final

from entrada.core.gateway import headers, query
from entrada.core.gateway.answering import answered
from entrada.core.gateway.counting import settled
from entrada.core.gateway.elements.kind import BACKEND, INBOUND, ON_ERROR, OUTBOUND
from entrada.core.gateway.elements.outcome import Finish, Outcome, Run, Send
from entrada.core.gateway.elements.statement import Statement
from entrada.core.gateway.elements.value import EvaluationFailed
from entrada.core.gateway.exchange import Address, Request, Response
from entrada.core.gateway.expressions.context import LastError
from entrada.core.gateway.failure import Failure
from entrada.core.gateway.marks import left_by
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.verdict import Forward, Verdict

_AFTER: Final = {INBOUND: BACKEND, BACKEND: OUTBOUND}


def run(passage: Passage) -> Verdict:
    while True:
        if not passage.agenda:
            if passage.section not in _AFTER:
                return answered(passage)
            _enter(passage, _AFTER[passage.section])
            continue
        statement, passage.agenda = passage.agenda[0], passage.agenda[1:]
        verdict = _followed(passage, _performed(passage, statement))
        if verdict is not None:
            return verdict


def fail(passage: Passage, failure: Failure) -> Verdict:
    """On to on-error; what fails there is answered as it is."""
    passage.note_failure(failure)
    passage.failure, passage.response = failure, failure.response
    if passage.section == ON_ERROR:
        return answered(passage)
    passage.last_error = _last_error(passage, failure)
    _enter(passage, ON_ERROR)
    return run(passage)


def _enter(passage: Passage, section: str) -> None:
    if section == OUTBOUND and passage.response is None:
        # No forward-request, no call: Azure answers such a request with an empty 200.
        passage.response = Response(status=200, reason="OK", body=b"")
        passage.note_step("forward-request", "none in backend", "the backend is not asked")
    passage.section, passage.statement = section, None
    plan = passage.plan
    passage.agenda = {BACKEND: plan.backend, OUTBOUND: plan.outbound, ON_ERROR: plan.on_error}[section]


def _performed(passage: Passage, statement: Statement) -> Outcome:
    passage.statement, passage.uses_secret, passage.computes_secret = statement, False, False
    request, response, service = passage.request, passage.response, passage.service
    outcome = _outcome(passage, statement)
    if passage.uses_secret:
        passage.marks |= left_by(passage, request, response, service, outcome)
    return outcome


def _outcome(passage: Passage, statement: Statement) -> Outcome:
    try:
        return statement.policy.perform(passage)
    except EvaluationFailed as failed:
        return Failure(
            source=statement.element,
            reason="ExpressionValueEvaluationFailure",
            message="Expression evaluation failed.",
            status=failed.status,
            saw=failed.what,
            would_pass="An expression that has a value for this request: test what may be missing by ?. and ??.",
        )


def _followed(passage: Passage, outcome: Outcome) -> Verdict | None:
    match outcome:
        case None:
            return None
        case Run():
            passage.agenda = (*outcome.statements, *passage.agenda)
            return None
        case Send():
            return _sent(passage, outcome)
        case Finish():
            passage.response, passage.agenda = outcome.response, ()
            return answered(passage)
        case Failure():
            return fail(passage, outcome)


def _sent(passage: Passage, send: Send) -> Verdict:
    service = passage.service
    if service is None:
        return fail(passage, _no_backend())
    if passage.forwarded:
        return fail(passage, _twice())
    passage.forwarded = True
    request = _for_backend(passage, service)
    if passage.facts.is_traced:
        passage.note(f"{request.method} {request.url}", f"asks the backend, and waits {send.timeout:g} s at most")
    return Forward(
        request=request,
        timeout=send.timeout,
        fails_on_error_status=send.fails_on_error_status,
        counted=settled(passage),
        passage=passage,
    )


def _for_backend(passage: Passage, service: Address) -> Request:
    """Without the subscription's key and tokens of the query: neither is the backend's business."""
    url, names = passage.request.url, passage.api.subscription_key_parameter_names
    target = Address(
        scheme=service.scheme,
        host=service.host,
        port=service.port,
        path=f"{service.path}{url.path}" or "/",
        query=query.without(url.query, (*passage.stripped, names.query)),
    )
    return Request(
        method=passage.request.method,
        url=target,
        headers=headers.without(passage.request.headers, (names.header,)),
        client_address=passage.request.client_address,
    )


def _last_error(passage: Passage, failure: Failure) -> LastError:
    at = passage.statement
    return LastError(
        source=failure.source,
        reason=failure.reason,
        message=failure.message,
        scope=at.scope if at else "global",
        section=passage.section,
        path=at.path if at else "",
        policy_id=at.id if at else None,
    )


def _no_backend() -> Failure:
    return Failure(
        source="forward-request",
        reason="BackendConnectionFailure",
        message="The API has no backend.",
        saw="neither a service URL of the API nor set-backend-service",
        would_pass="Any request, once the API has a service URL.",
    )


def _twice() -> Failure:
    return Failure(
        source="forward-request",
        reason="BackendConnectionFailure",
        message="The request was sent already.",
        saw="a second forward-request",
        would_pass="A policy that asks the backend once: the body has passed through.",
    )
