"""One request in one context, and an expression evaluated in it."""

import base64
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

from attrs import evolve

from entrada.core.gateway.document.text import Text
from entrada.core.gateway.expressions.context import (
    Api,
    Context,
    LastError,
    Operation,
    Product,
    Request,
    Response,
    Subscription,
    Url,
    User,
)
from entrada.core.gateway.expressions.dictionary import Dictionary
from entrada.core.gateway.expressions.evaluate import evaluate
from entrada.core.gateway.expressions.expression import Expression
from entrada.core.gateway.expressions.jwt import parse_jwt
from entrada.core.gateway.expressions.parse import parse_expression

NOW = datetime(2026, 11, 21, 3, 4, 5, 678000, tzinfo=UTC)


def token(**claims: object) -> str:
    """In form a JWT; signed by nobody."""
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".c2ln"
    )


TOKEN = token(
    iss="https://issuer.example", sub="ada", aud=["api://colors", "other"], name="Ada", group=["painters", "staff"],
    admin=True, level=7, exp=1_800_000_000, jti="token-1", empty=[], nothing=None,
)  # fmt: skip
URL = Url(
    scheme="https",
    host="colors.example",
    port=443,
    path="/colors/red",
    query_string="?shade=dark&shade=deep&q=",
    query=Dictionary.of_pairs([("shade", "dark"), ("shade", "deep"), ("q", "")]),
)
REQUEST = Request(
    method="POST",
    url=URL,
    original_url=evolve(URL, host="public.example", path="/api/colors/red"),
    headers=Dictionary.of_pairs(
        [("Authorization", f"Bearer {TOKEN}"), ("X-Tag", "one"), ("x-tag", "two"), ("Accept", "text/plain")]
    ),
    ip_address="192.0.2.7",
    matched_parameters=Dictionary({"id": "red"}, ignores_case=True),
)
CONTEXT = Context(
    request=REQUEST,
    api=Api(id="colors", name="Colors API", path="colors", service_url=evolve(URL, host="backend.example")),
    operation=Operation(id="paint", name="Paint", method="POST", url_template="/{id}"),
    now=NOW,
    request_id=UUID(int=7),
    entropy=b"known to this test",
    timestamp=NOW - timedelta(seconds=2),
    elapsed=timedelta(milliseconds=1500),
    variables=Dictionary(
        {"caller": parse_jwt(TOKEN), "count": 3, "big": 5_000_000_000, "flag": True, "text": "red", "none": None}
    ),
)
SUBSCRIPTION = Subscription(
    id="s1", name="Trial", key="k1", primary_key="k1", secondary_key="k2", created_date=NOW, end_date=None
)
FULL = evolve(
    CONTEXT,
    response=Response(status_code=404, status_reason="Not Found", headers=Dictionary.of_pairs([("X-Up", "1")])),
    last_error=LastError(
        source="validate-jwt", reason="TokenExpired", message="Late.", scope="api", section="inbound", path="choose[1]"
    ),
    product=Product(id="starter", name="Starter", approval_required=False, subscription_required=True),
    subscription=SUBSCRIPTION,
    user=User(id="u1", email="ada@example.com", first_name="Ada", last_name="L", registration_date=NOW),
)


def parsed(text: str) -> Expression:
    found = parse_expression(Text.plain(text))
    assert isinstance(found, Expression), [str(fault) for fault in found]
    return found


def value(text: str, context: Context = CONTEXT) -> object:
    return evaluate(parsed(text if text.startswith("@") else f"@({text})"), context)
