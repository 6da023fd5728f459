"""The exchange as expressions see it: `context`.  Gateway reference section 12.1."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import evolve

from entrada.core.gateway import query
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product, State
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.exchange import Address, Response
from entrada.core.gateway.expressions import context as seen
from entrada.core.gateway.expressions.dictionary import Dictionary
from entrada.core.jose.numeric_date import as_datetime

if TYPE_CHECKING:
    from entrada.core.gateway.passage import Passage


def context_of(passage: "Passage") -> seen.Context:
    facts = passage.facts
    return seen.Context(
        request=_request(passage),
        api=_api(passage.api),
        operation=_operation(passage.operation),
        now=as_datetime(facts.now),
        timestamp=as_datetime(facts.now),
        request_id=facts.request_id,
        entropy=facts.entropy,
        response=_response(passage.response),
        last_error=passage.last_error,
        product=_product(passage.product),
        subscription=_subscription(passage.subscription, passage.key),
        user=facts.user,
        variables=Dictionary(passage.variables),
    )


def url_of(address: Address) -> seen.Url:
    return seen.Url(
        scheme=address.scheme,
        host=address.host,
        port=address.port,
        path=address.path,
        query_string=f"?{address.query}" if address.query else "",
        query=Dictionary.of_pairs(query.pairs(address.query)),
    )


def _request(passage: "Passage") -> seen.Request:
    request, service = passage.request, passage.service
    return seen.Request(
        method=request.method,
        url=url_of(request.url if service is None else _at(service, request.url)),
        original_url=url_of(passage.original.url),
        headers=Dictionary.of_pairs(request.headers),
        ip_address=request.client_address,
        matched_parameters=Dictionary(passage.parameters, ignores_case=True),
    )


def _at(service: Address, url: Address) -> Address:
    return evolve(url, scheme=service.scheme, host=service.host, port=service.port)


def _response(response: Response | None) -> seen.Response | None:
    if response is None:
        return None
    return seen.Response(
        status_code=response.status, status_reason=response.reason, headers=Dictionary.of_pairs(response.headers)
    )


def _api(api: Api) -> seen.Api:
    parts = urlsplit(api.service_url)
    service = seen.Url(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        path=parts.path or "/",
    )
    return seen.Api(
        id=api.id,
        name=api.display_name,
        path=api.path,
        service_url=service,
        revision=api.api_revision,
        version=api.api_version,
    )


def _operation(operation: Operation) -> seen.Operation:
    return seen.Operation(
        id=operation.id, name=operation.display_name, method=operation.method, url_template=operation.url_template
    )


def _product(product: Product | None) -> seen.Product | None:
    if product is None:
        return None
    return seen.Product(
        id=product.id,
        name=product.display_name,
        approval_required=product.approval_required,
        subscription_required=product.subscription_required,
        state="Published" if product.state is State.PUBLISHED else "NotPublished",
        subscription_limit=product.subscriptions_limit,
    )


def _subscription(one: Subscription | None, key: str) -> seen.Subscription | None:
    if one is None:
        return None
    return seen.Subscription(
        id=one.id,
        name=one.display_name,
        key=key,
        primary_key=one.primary_key,
        secondary_key=one.secondary_key,
        created_date=as_datetime(one.created_date),
        start_date=None if one.start_date is None else as_datetime(one.start_date),
        end_date=None if one.end_date is None else as_datetime(one.end_date),
    )
