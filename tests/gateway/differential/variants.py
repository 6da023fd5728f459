"""The policies of the suite: an API for each, all of them in one configuration."""

from base64 import b64encode
from collections.abc import Mapping

from attrs import evolve, field, frozen
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from entrada.core.gateway.assemble import Documents, assemble
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId, ProductId, SubscriptionId
from entrada.core.gateway.entities.operation import Operation, Representation, ResponseDescription
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription, key_digest
from entrada.core.gateway.policy_document import read_document
from entrada.core.gateway.service import Service
from entrada.core.gateway.tokens.provider import Provider
from entrada.core.jose.numeric_date import NumericDate
from tests.gateway.trial import ADD, COLORS, DOCUMENT, ISSUER, KEYS, LIST, ONE, SECRET_TEXT, document, provider

OTHER_DOCUMENT = "https://other.example/.well-known/openid-configuration"
OTHER_ISSUER = "https://other.example/issuer"
TENANT = "c0105000-0000-4000-8000-000000000001"
AUTHORITY = "https://localhost:8443"
OWN = f"{AUTHORITY}/{TENANT}"
CLIENT = "c0105000-0000-4000-8000-00000000c11e"
KEYLESS = KEYS["rsa"].as_dict(private=False)
PEM = KEYS["rsa2"].public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
LONG_SECRET = b64encode(b"x" * 64).decode()

PROVIDERS: Mapping[str, Provider] = {
    DOCUMENT: provider("rsa", "p256"),
    OTHER_DOCUMENT: provider("rsa2", "ed", issuer=OTHER_ISSUER),
    f"{OWN}/.well-known/openid-configuration": provider("rsa", issuer=f"https://sts.example/{TENANT}/"),
    f"{OWN}/v2.0/.well-known/openid-configuration": provider("rsa", issuer=f"{OWN}/v2.0"),
}


@frozen
class Variant:
    inbound: str = ""
    kind: str = "plain"  # of rows: plain, jwt, query, header
    outbound: str = "<base/>"
    backend: str = "<base/>"
    on_error: str = "<base/>"
    api: Mapping[str, object] = field(factory=dict[str, object])
    python: str = ""  # why it is handed over
    only_one: bool = False  # the policy fits one operation alone


def _jwt(elements: str = "", attributes: str = "", where: str = 'header-name="Authorization"') -> str:
    return f"<validate-jwt {where} {attributes}>{elements}</validate-jwt>"


def _hs(elements: str = "", attributes: str = "", where: str = 'header-name="Authorization"') -> str:
    keys = f"<issuer-signing-keys><key>{SECRET_TEXT}</key></issuer-signing-keys>"
    return _jwt(f"{keys}{elements}", attributes, where)


def _claim(name: str, *values: str, attributes: str = "") -> str:
    inside = "".join(f"<value>{one}</value>" for one in values)
    return f'<required-claims><claim name="{name}" {attributes}>{inside}</claim></required-claims>'


def _header(name: str, value: str = "", action: str = "override") -> str:
    inside = "" if action == "delete" else f"<value>{value}</value>"
    return f'<set-header name="{name}" exists-action="{action}">{inside}</set-header>'


def _return(status: int = 200, body: str = "", kind: str = "text/plain", more: str = "") -> str:
    content = f"{_header('Content-Type', kind)}{more}<set-body>{body}</set-body>" if body else more
    return f'<return-response><set-status code="{status}" reason="As told"/>{content}</return-response>'


def _choose(condition: str, then: str, otherwise: str = "") -> str:
    rest = f"<otherwise>{otherwise}</otherwise>" if otherwise else ""
    return f"<choose><when condition='@({condition})'>{then}</when>{rest}</choose>"


CONFIG = f'<openid-config url="{DOCUMENT}"/>'
OTHER = f'<openid-config url="{OTHER_DOCUMENT}"/>'
AUDIENCES = "<audiences><audience>colors</audience><audience>api://colors</audience></audiences>"
MESSAGE = 'failed-validation-error-message="Unauthorized. 100% sure: &quot;no&quot;."'
CORS = (
    "<allowed-origins><origin>https://a.example</origin><origin>http://b.example:8080</origin></allowed-origins>"
    '<allowed-methods preflight-result-max-age="60"><method>DELETE</method></allowed-methods>'
    "<allowed-headers><header>X-One</header></allowed-headers><expose-headers><header>X-Old</header></expose-headers>"
)
ANYONE = "<allowed-origins><origin>*</origin></allowed-origins><allowed-headers><header>*</header></allowed-headers>"
CHECK = '<check-header name="X-Edge" failed-check-httpcode="{}" failed-check-error-message="Not 100% from here" ignore-case="{}">{}</check-header>'
CALLER = 'output-token-variable-name="caller"'
OF_CALLER = '((Jwt)context.Variables["caller"]).Claims'

# fmt: off
VARIANTS: dict[str, Variant] = {
    "plain":          Variant(),
    "root":           Variant(api={"path": "deep/er", "service_url": "BACKEND"}),
    "versioned":      Variant(api={"path": "deep", "api_version": "v1"}),
    "headers":        Variant(_header("X-One", "50% of %REQ(x)%") + _header("X-Two", "added", "append") + _header("X-Three", "where absent", "skip") + _header("User-Agent", action="delete") + _header("X-Empty")),
    "headers-twice":  Variant(_header("X-One", "a") + _header("X-One", "b", "append") + _header("X-Two", "c") + _header("X-Two", action="delete") + _header("X-Three", action="delete") + _header("X-Three", "d", "skip")),
    "copied":         Variant(_header("X-Copy", '@(context.Request.Headers.GetValueOrDefault("X-One","none"))') + _header("X-Method", "@(context.Request.Method + context.Api.Name)")),
    "copied-late":    Variant(_header("X-Copy", '@(context.Request.Headers.GetValueOrDefault("X-One","none"))') + _header("X-One", action="delete")),
    "variables":      Variant('<set-variable name="a" value="red"/><set-variable name="b" value=\'@((string)context.Variables["a"] + "!")\'/>' + _header("X-One", '@((string)context.Variables["b"])')),
    "outbound":       Variant(outbound="<base/>" + _header("X-Old", action="delete") + _header("X-New", "50%") + _header("Server", "hidden", "skip") + _header("Vary", "X-One")),
    "cors":           Variant(f"<cors>{CORS}</cors>"),
    "cors-any":       Variant(f"<cors>{ANYONE}</cors>"),
    "cors-cookies":   Variant(f'<cors allow-credentials="true" terminate-unmatched-request="false">{CORS}</cors>'),
    "cors-late":      Variant(CHECK.format(403, "false", "") + f"<cors>{CORS}</cors>"),
    "cors-outbound":  Variant(f"<cors>{CORS}</cors>", outbound="<base/>" + _header("X-Old", "new")),
    "check":          Variant(CHECK.format(403, "false", "<value>One</value><value>two, three</value>")),
    "check-case":     Variant(CHECK.format(418, "true", "<value>One</value>")),
    "check-there":    Variant(CHECK.format(400, "false", "")),
    "elsewhere":      Variant('<set-backend-service base-url="BACKEND/other"/>'),
    "no-backend":     Variant(api={"service_url": ""}, python="no backend"),
    "patient":        Variant(backend='<forward-request timeout="20"/>'),
    "returned":       Variant(_return(418, "A teapot, 100%.", more=_header("X-Why", "50%"))),
    "returned-empty": Variant(_return(204)),
    "returned-bare":  Variant("<return-response/>"),
    "returned-moved": Variant(_return(302, more=_header("Location", "https://a.example/")), python="status"),
    "returned-json":  Variant(f"<cors>{CORS}</cors>" + _return(403, '{ "message": "é" }', "application/json")),
    "mocked":         Variant('<mock-response status-code="200" content-type="application/json"/>', python="empty"),
    "by-method":      Variant(_choose('context.Request.Method == "POST"', _header("X-One", "posted"), _header("X-One", "other"))),
    "by-header":      Variant(_choose('context.Request.Headers.GetValueOrDefault("X-One","") == "1"', _return(202, "one"), _header("X-Seen", "no"))),
    "by-presence":    Variant(_choose('context.Request.Headers.ContainsKey("X-One") &amp;&amp; !context.Request.Headers.ContainsKey("X-Two")', _return(202, "one"), _header("X-Seen", "no"))),
    "by-either":      Variant(_choose('context.Request.Headers.ContainsKey("X-One") || context.Request.Method == "POST"', _header("X-Seen", "yes"))),
    "nested":         Variant(_choose('context.Request.Method == "GET"', _choose('context.Request.Headers.ContainsKey("X-One")', _header("X-Seen", "1"), _return(203, "none")), _header("X-Seen", "post")) + _header("X-Last", "1")),
    "keyed":          Variant(api={"subscription_required": True}),
    "product":        Variant(),
    "address":        Variant('<ip-filter action="allow"><address>127.0.0.1</address></ip-filter>'),
    "limited":        Variant('<rate-limit-by-key calls="3" renewal-period="60" counter-key="all"/>', python="counted"),
    "rewritten":      Variant('<rewrite-uri template="/new/path"/>'),
    "with-query":     Variant('<set-query-parameter name="source" exists-action="override"><value>gate</value></set-query-parameter>'),
    "rewritten-one":  Variant('<rewrite-uri template="/v2/colors/{id}/all" copy-unmatched-params="false"/>', only_one=True),
    "with-queries":   Variant('<set-query-parameter name="a b" exists-action="append"><value>1&amp;2</value><value>3</value></set-query-parameter><set-query-parameter name="a" exists-action="delete"/>'),
    "own-words":      Variant(CHECK.format(403, "false", ""), on_error="<base/>" + _header("X-Reason", "@(context.LastError.Reason)"), python="on-error"),
    "strict":         Variant(backend='<forward-request fail-on-error-status-code="true"/>', python="error status"),

    "hs":             Variant(_hs(), "jwt"),
    "hs-message":     Variant(_hs("", MESSAGE), "jwt"),
    "hs-403":         Variant(_hs(_claim("scp", "a"), 'failed-validation-httpcode="403" ' + MESSAGE), "jwt"),
    "hs-400":         Variant(_hs("", 'failed-validation-httpcode="400"'), "jwt"),
    "hs-long":        Variant(_jwt(f"<issuer-signing-keys><key>{LONG_SECRET}</key><key>{SECRET_TEXT}</key></issuer-signing-keys>"), "jwt"),
    "hs-id":          Variant(_jwt(f'<issuer-signing-keys><key id="one">{SECRET_TEXT}</key></issuer-signing-keys>'), "jwt"),
    "hs-audience":    Variant(_hs(AUDIENCES), "jwt"),
    "hs-issuer":      Variant(_hs(f"<issuers><issuer>{ISSUER}</issuer><issuer>{OTHER_ISSUER}</issuer></issuers>"), "jwt"),
    "hs-tenant":      Variant(_hs("<issuers><issuer>https://login.example/{tenantid}/v2.0</issuer></issuers>"), "jwt"),
    "hs-any":         Variant(_hs(_claim("scp", "a", "b", attributes='match="any"')), "jwt"),
    "hs-all":         Variant(_hs(_claim("roles", "a", "b")), "jwt"),
    "hs-spaced":      Variant(_hs(_claim("scp", "a", "b", attributes='match="any" separator=" "')), "jwt"),
    "hs-spaced-all":  Variant(_hs(_claim("scp", "a", "b", attributes='separator=" "')), "jwt"),
    "hs-commas":      Variant(_hs(_claim("scp", "a", "c,d", attributes='match="any" separator=","')), "jwt"),
    "hs-there":       Variant(_hs(_claim("scp")), "jwt"),
    "hs-flag":        Variant(_hs(_claim("admin", "true", attributes='match="any"')), "jwt"),
    "hs-number":      Variant(_hs(_claim("level", "5")), "jwt"),
    "hs-two":         Variant(_hs('<required-claims><claim name="scp" separator=" "><value>a</value></claim><claim name="roles" match="any"><value>a</value><value>z</value></claim></required-claims>'), "jwt"),
    "hs-forever":     Variant(_hs("", 'require-expiration-time="false"'), "jwt"),
    "hs-skew":        Variant(_hs("", 'clock-skew="120"'), "jwt"),
    "hs-scheme":      Variant(_hs("", 'require-scheme="Bearer"'), "jwt"),
    "hs-dpop":        Variant(_hs("", 'require-scheme="DPoP"'), "jwt"),
    "hs-cors":        Variant(f"<cors>{CORS}</cors>" + _hs(AUDIENCES, MESSAGE), "jwt"),
    "hs-header":      Variant(_hs("", MESSAGE, 'header-name="X-Token"'), "header"),
    "hs-query":       Variant(_hs("", MESSAGE, 'query-parameter-name="access"'), "query"),
    "hs-expression":  Variant(_hs("", MESSAGE, "token-value='@(context.Request.Headers.GetValueOrDefault(\"X-Token\",\"\"))'"), "header", python="expression"),
    "hs-twice":       Variant(_hs() + _hs(_claim("scp", "a", attributes='separator=" "')), "jwt"),
    "hs-name":        Variant(_hs("", CALLER) + _header("X-Caller", f'@({OF_CALLER}.GetValueOrDefault("name","?"))') + _header("Authorization", action="delete"), "jwt"),
    "hs-gate":        Variant(_hs("", CALLER) + _choose(f'context.Request.Method == "POST" &amp;&amp; !{OF_CALLER}["group"].Contains("painters")', _return(403, "Painters only."), _header("X-May-Paint", "yes")), "jwt"),
    "hs-by-claim":    Variant(_hs("", CALLER) + _choose(f'{OF_CALLER}.GetValueOrDefault("scp","") == "a"', '<set-backend-service base-url="BACKEND/a"/>', _header("X-Seen", "no")), "jwt"),
    "hs-by-method":   Variant(_choose('context.Request.Method == "POST"', _hs(_claim("scp", "a")), _hs(_claim("scp", "b"))), "jwt"),
    "hs-posts":       Variant(_choose('context.Request.Method == "POST"', _hs("", MESSAGE)), "jwt"),
    "hs-limited":     Variant(_hs("", MESSAGE) + '<rate-limit-by-key calls="3" renewal-period="60" counter-key="all"/>', "jwt", python="counted"),
    "hs-outbound":    Variant(_hs(), "jwt", outbound="<base/>" + _header("X-Old", "new")),
    "config":         Variant(_jwt(CONFIG + AUDIENCES, MESSAGE), "jwt"),
    "config-issuers": Variant(_jwt(f"{CONFIG}<issuers><issuer>https://sts.example/</issuer></issuers>"), "jwt"),
    "config-two":     Variant(_jwt(CONFIG + OTHER), "jwt"),
    "config-key":     Variant(_jwt(f"{CONFIG}<issuer-signing-keys><key>{SECRET_TEXT}</key></issuer-signing-keys>"), "jwt", python="keys"),
    "config-lost":    Variant(_jwt('<openid-config url="https://nobody.example/.well-known/openid-configuration"/>'), "jwt"),
    "numbers":        Variant(_jwt(f'<issuer-signing-keys><key n="{KEYLESS["n"]}" e="{KEYLESS["e"]}"/></issuer-signing-keys>'), "jwt"),
    "pem":            Variant(_jwt(f"<issuer-signing-keys><key>{PEM}</key></issuer-signing-keys>"), "jwt"),
    "azure":          Variant(f'<validate-azure-ad-token tenant-id="{TENANT}"><audiences><audience>colors</audience></audiences></validate-azure-ad-token>', "jwt"),
    "azure-client":   Variant(f'<validate-azure-ad-token tenant-id="{TENANT}"><client-application-ids><application-id>{CLIENT}</application-id></client-application-ids></validate-azure-ad-token>', "jwt"),
}
# fmt: on

EXAMPLE = Representation(content_type="application/json", examples={"one": '{"color": "red"}'})
MOCKED = evolve(ONE, responses=(ResponseDescription(status_code=200, representations=(EXAMPLE,)),))
REST = Operation(id=OperationId("rest"), display_name="Rest", method="GET", url_template="/files/{*path}")
EXACT = Operation(id=OperationId("exact"), display_name="Exact", method="GET", url_template="/exact/one")
ASKED = Operation(id=OperationId("asked"), display_name="Asked", method="GET", url_template="/asked?kind={kind}")
PART = Operation(id=OperationId("part"), display_name="Part", method="GET", url_template="/parts/{a}-{b}/end")
OPERATIONS = (LIST, MOCKED, ADD, REST, EXACT, ASKED, PART)
PRODUCT = Product(
    id=ProductId("starter"), display_name="Starter", api_ids=frozenset({ApiId("product"), ApiId("keyed")})
)


def _subscription(name: str, scope: str, **more: object) -> Subscription:
    return Subscription(
        id=SubscriptionId(name),
        display_name=name,
        scope=scope,
        primary_key=f"key-one-of-{name}+16",
        secondary_key=f"key-two-of-{name}+16",
        created_date=NumericDate(0),
        **more,  # type: ignore[arg-type]
    )


SUBSCRIPTIONS = (
    _subscription("starter", "/products/starter"),
    _subscription("keyed", "/apis/keyed"),
    _subscription("all", "/apis"),
    _subscription("ending", "/apis", expiration_date=NumericDate(4_000_000_000)),
    _subscription("other", "/apis/other"),
)


def api_of(name: str, backend: str) -> Api:
    made = {"path": name, "service_url": f"{backend}/v1", **VARIANTS[name].api}
    made["service_url"] = str(made["service_url"]).replace("BACKEND", backend)
    return evolve(COLORS, id=ApiId(name), **made)  # type: ignore[arg-type]


def _operations(name: str) -> tuple[Operation, ...]:
    """All of them where paths are tried, and few beside tokens."""
    if VARIANTS[name].only_one:
        return (MOCKED,)
    return OPERATIONS if name in ("plain", "root", "versioned", "headers") else (LIST, MOCKED, ADD, EXACT)


def service(backend: str) -> Service:
    documents = {}
    for name, one in VARIANTS.items():
        text = document(one.inbound, outbound=one.outbound, backend=one.backend, on_error=one.on_error)
        read = read_document(text.replace("BACKEND", backend), "api")
        assert not read.faults, (name, [str(fault) for fault in read.faults])
        documents[ApiId(name)] = read
    found = {key_digest(key): one for one in SUBSCRIPTIONS for key in (one.primary_key, one.secondary_key)}
    apis = [(api_of(name, backend), _operations(name)) for name in VARIANTS]
    return assemble(apis, Documents(of_apis=documents), (PRODUCT,), found.get)
