"""A request tried on policies, saved or not: what the backend would be asked, what the caller would be told, and why.

Nobody is asked anything, nothing is counted, and what was pasted is forgotten with the answer.
"""

import asyncio
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from attrs import evolve, field, frozen

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.gateway import headers
from entrada.core.gateway.configuration import Configuration, PolicyScope, policy_faults, published
from entrada.core.gateway.decide import BackendFailed, conclude, decide
from entrada.core.gateway.entities.ids import ProductId, SubscriptionId
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.exchange import Address, Request, Response
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.matching import chosen_api
from entrada.core.gateway.service import Service
from entrada.core.gateway.shown_exchange import Shown, shown_answer, shown_request
from entrada.core.gateway.verdict import Answer, Forward
from entrada.core.jose import base64url
from entrada.server.usecases.gateway.own_documents import NO_SUCH_DOCUMENT, OwnDocuments
from entrada.server.usecases.installation import Installation
from entrada.server.web.signed_in.form import Form

_NOT_ASKED: Final = "a trial asks nobody else."
_TRIAL: Final = SubscriptionId("this trial's own")
_FAILURES: Final = {"timeout": BackendFailed.TIMEOUT, "unreachable": BackendFailed.CONNECTION}
_KEY_BYTES: Final = 24
_MOST_HEADERS: Final = 100


@frozen(kw_only=True)
class Asked:
    """What the form says."""

    request: Request
    backend: Response | BackendFailed
    product: ProductId | None  # as a subscriber of it
    key: str = field(repr=False)
    token: str = field(repr=False)


@frozen(kw_only=True)
class Tried:
    forward: Forward | None  # None: answered without the backend
    answer: Answer
    unknown: tuple[str, ...]  # discovery documents of others, that are not fetched for a trial
    hidden: tuple[str, ...] = field(repr=False)  # what was pasted, and is shown to nobody

    @property
    def asked(self) -> Shown | None:
        """Of the backend, as the page may show it."""
        return None if self.forward is None else shown_request(self.forward, self.hidden)

    @property
    def told(self) -> Shown:
        return shown_answer(self.answer, self.hidden)


def asked_of(form: Form, origin: str) -> Asked | Problem:
    """The request of the form, or what is wrong with it."""
    lines, answered = _headers(form, "headers"), _headers(form, "backendHeaders")
    if isinstance(lines, Problem):
        return lines
    if isinstance(answered, Problem):
        return answered
    wrong = _wrong(form)
    if wrong is not None:
        return wrong
    token, size = form.get("secretToken").strip(), form.get("size").strip()
    if token:
        lines = headers.replaced(lines, "Authorization", (f"Bearer {token.removeprefix('Bearer ')}",))
    if size:
        lines = headers.replaced(lines, "Content-Length", (size,))
    request = Request(
        method=form.get("method").strip().upper(),
        url=_address(origin, form.get("path").strip(), form.get("query").strip().removeprefix("?")),
        headers=lines,
        client_address=form.get("client").strip(),
    )
    backend = _FAILURES.get(form.get("backend")) or Response(status=int(form.get("status")), headers=answered)
    return Asked(
        request=request,
        backend=backend,
        product=ProductId(form.get("product")) if form.get("product") else None,
        key=form.get("secretKey").strip(),
        token=token,
    )


def _wrong(form: Form) -> Problem | None:
    status, size = form.get("status").strip(), form.get("size").strip()
    if not headers.is_name(form.get("method").strip()):
        return bad("A method is one word: GET.", "method")
    if not form.get("path").strip().startswith("/"):
        return bad("The path starts with a slash, and with the path of an API: /colors/1.", "path")
    if not (status.isdecimal() and 200 <= int(status[:4]) <= 599):
        return bad("The status of the backend's answer is a number from 200 to 599.", "status")
    if size and not (size.isdecimal() and len(size) < 16):
        return bad("The size of the body is a number of bytes, or nothing.", "size")
    try:
        ip_address(form.get("client").strip())
    except ValueError:
        return bad("The client's address is an IP address: 192.0.2.1.", "client")
    return None


def _headers(form: Form, name: str) -> Headers | Problem:
    found: list[tuple[str, str]] = []
    for number, line in enumerate(form.lines(name), 1):
        key, colon, value = line.partition(":")
        if not colon or not headers.is_name(key.strip()) or not headers.is_value(value.strip()):
            return bad(f"Line {number} is no header: write Name: value.", name)
        found.append((key.strip(), value.strip()))
    if len(found) > _MOST_HEADERS:
        return bad(f"At most {_MOST_HEADERS} headers are tried.", name)
    return tuple(found)


def _address(origin: str, path: str, query: str) -> Address:
    parts = urlsplit(origin)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return Address(scheme=parts.scheme, host=parts.hostname or "", port=port, path=path, query=query)


async def tried(
    here: Installation, configuration: Configuration, documents: Mapping[PolicyScope, str], asked: Asked
) -> Tried | Problem:
    """With *documents* in the place of those that are saved."""
    configuration = evolve(configuration, policies={**configuration.policies, **documents})
    key = asked.key
    if asked.product is not None and not key:
        key = base64url.encode(here.entropy(_KEY_BYTES))
        configuration = _with_subscriber(here, configuration, asked.product, key)
    service = await asyncio.to_thread(_service, configuration)
    if isinstance(service, Problem):
        return service
    facts, unknown = await _facts(here, service)
    request = _with_key(service, asked.request, key)
    verdict = decide(service, request, facts)
    forward = verdict if isinstance(verdict, Forward) else None
    answer = verdict if isinstance(verdict, Answer) else conclude(verdict, asked.backend, facts)
    hidden = tuple(one for one in (asked.token.removeprefix("Bearer "), key) if one)
    return Tried(forward=forward, answer=answer, unknown=unknown, hidden=hidden)


def _service(configuration: Configuration) -> Service | Problem:
    fault = next(policy_faults(configuration), None)
    if fault is not None:
        return bad(f"The policies of {fault.scope.path} have a fault at {fault.fault}", "policy")
    return published(configuration)


def _with_subscriber(here: Installation, configuration: Configuration, product: ProductId, key: str) -> Configuration:
    subscriber = Subscription(
        id=_TRIAL,
        display_name=_TRIAL,
        scope=f"/products/{product}",
        primary_key=key,
        secondary_key=base64url.encode(here.entropy(_KEY_BYTES)),
        created_date=here.clock(),
    )
    return evolve(configuration, subscriptions={**configuration.subscriptions, _TRIAL: subscriber})


def _with_key(service: Service, request: Request, key: str) -> Request:
    """Under the name that the API gives it."""
    api = chosen_api((one.api for one in service.apis.values()), request.url.path)
    if not key or api is None:
        return request
    name = api.subscription_key_parameter_names.header
    return evolve(request, headers=headers.replaced(request.headers, name, (key,)))


async def _facts(here: Installation, service: Service) -> tuple[Facts, tuple[str, ...]]:
    urls = service.discovery(here.origin)
    own = OwnDocuments(here)
    providers = await own.read(url for url in urls if own.holds(url))
    facts = Facts(
        now=here.clock(),
        request_id=UUID(bytes=here.entropy(16), version=4),
        entropy=here.entropy(16),
        authority=here.origin,
        providers=providers,
        failures={url: NO_SUCH_DOCUMENT if own.holds(url) else _NOT_ASKED for url in urls},
    )
    return facts, tuple(sorted(url for url in urls if not own.holds(url)))
