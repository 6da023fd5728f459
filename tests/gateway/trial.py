"""A gateway of one API, made of the inside of a policy section, and a request to try on it."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from attrs import evolve
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from entrada.core.gateway.assemble import Documents, assemble
from entrada.core.gateway.decide import conclude, decide
from entrada.core.gateway.document.fault import Faults
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.exchange import Address, Request, Response
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.named_values import NamedValue
from entrada.core.gateway.policy_document import read_document
from entrada.core.gateway.service import Service
from entrada.core.gateway.tokens.key import parse_key_set
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.gateway.verdict import Answer, Forward, Verdict
from entrada.core.jose.numeric_date import NumericDate

NOW = NumericDate(1_800_000_000)
SECRET = b"0123456789abcdef0123456789abcdef"
SECRET_TEXT = b64encode(SECRET).decode()
ISSUER = "https://login.example/11111111-1111-1111-1111-111111111111/v2.0"
DOCUMENT = "https://login.example/.well-known/openid-configuration"
KEYS: dict[str, Any] = {
    "rsa": RSAKey.generate_key(2048, {"kid": "rsa"}),
    "rsa2": RSAKey.generate_key(2048, {"kid": "rsa2"}),
    "p256": ECKey.generate_key("P-256", {"kid": "p256"}),
    "p384": ECKey.generate_key("P-384", {"kid": "p384"}),
    "p521": ECKey.generate_key("P-521", {"kid": "p521"}),
    "ed": OKPKey.generate_key("Ed25519", {"kid": "ed"}),
    "oct": OctKey.import_key(SECRET),
}
ALL_ALGORITHMS = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519", "HS256", "HS384", "HS512",
]  # fmt: skip
COLORS = Api(
    id=ApiId("colors"),
    display_name="Colors",
    path="colors",
    service_url="http://backend.example:8080/v1",
    subscription_required=False,
)
LIST = Operation(id=OperationId("list"), display_name="List", method="GET", url_template="/")
ONE = Operation(id=OperationId("one"), display_name="One", method="GET", url_template="/{id}")
ADD = Operation(id=OperationId("add"), display_name="Add", method="POST", url_template="/")
FACTS = Facts(now=NOW, request_id=UUID(int=7), entropy=bytes(16))
VALIDATE = f"""
<validate-jwt header-name="Authorization" ATTRIBUTES>
    <issuer-signing-keys><key>{SECRET_TEXT}</key></issuer-signing-keys>
    ELEMENTS
</validate-jwt>"""


def validate_jwt(attributes: str = "", elements: str = "") -> str:
    return VALIDATE.replace("ATTRIBUTES", attributes).replace("ELEMENTS", elements)


def document(
    inbound: str = "", *, backend: str = "<base/>", outbound: str = "<base/>", on_error: str = "<base/>"
) -> str:
    return (
        f"<policies><inbound><base/>{inbound}</inbound><backend>{backend}</backend>"
        f"<outbound>{outbound}</outbound><on-error>{on_error}</on-error></policies>"
    )


def faults(inbound: str = "", scope: str = "operation", **sections: str) -> Faults:
    return read_document(document(inbound, **sections), scope).faults


def gateway(
    inbound: str = "", api: Api = COLORS, named_values: Mapping[str, NamedValue] | None = None, **sections: str
) -> Service:
    read = read_document(document(inbound, **sections), "api", named_values)
    assert not read.faults, "\n".join(map(str, read.faults))
    return assemble([(api, (LIST, ONE, ADD))], Documents(of_apis={api.id: read}))


def request(
    method: str = "GET", path: str = "/colors", query: str = "", client: str = "192.0.2.1", **headers: str
) -> Request:
    lines = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    url = Address(scheme="https", host="localhost", port=8444, path=path, query=query)
    return Request(method=method, url=url, headers=lines, client_address=client)


def ask(service: Service, asked: Request | None = None, **facts: Any) -> Verdict:
    return decide(service, asked or request(), evolve(FACTS, **facts))


def forwarded(service: Service, asked: Request | None = None, **facts: Any) -> Forward:
    verdict = ask(service, asked, **facts)
    assert isinstance(verdict, Forward), verdict
    return verdict


def answered(service: Service, asked: Request | None = None, **facts: Any) -> Answer:
    verdict = ask(service, asked, **facts)
    assert isinstance(verdict, Answer), verdict
    return verdict


def through(service: Service, asked: Request | None = None, response: Response | None = None, **facts: Any) -> Answer:
    """Forwarded, answered by the backend, and back."""
    forward = forwarded(service, asked, **facts)
    return conclude(forward, response or Response(status=200, headers=(("Server", "b"),)), evolve(FACTS, **facts))


def message(answer: Answer) -> str:
    body = json.loads(answer.response.body or b"")
    assert body["statusCode"] == answer.response.status
    return str(body["message"])


def reason(verdict: Verdict) -> str:
    """Of the refusal; `forwarded` when there was none."""
    if isinstance(verdict, Forward):
        return "forwarded"
    return verdict.failure.reason if verdict.failure else str(verdict.response.status)


def token(
    claims: Mapping[str, object] | None = None, algorithm: str = "HS256", key: str = "oct", **header: object
) -> str:
    made = {"iss": ISSUER, "aud": "colors", "sub": "ben", "exp": NOW + 600, **(claims or {})}
    said = {"alg": algorithm, **header}
    kept = {name: value for name, value in made.items() if value is not None}
    return jwt.encode(said, kept, KEYS[key], algorithms=ALL_ALGORITHMS)


def bearer(*args: Any, **kwargs: Any) -> Request:
    return request(Authorization=f"Bearer {token(*args, **kwargs)}")


def provider(*names: str, issuer: str = ISSUER) -> Provider:
    public = [KEYS[name].as_dict(private=False) for name in names]
    return Provider(issuer=issuer, keys=parse_key_set({"keys": public}))
