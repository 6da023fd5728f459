"""The traps of the reference (gateway-envoy.md 3.4 and 8): each guard is taken away, and what then goes wrong is seen."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import evolve

from entrada.core.gateway.assemble import Documents, assemble
from entrada.core.gateway.entities.ids import OperationId
from entrada.core.gateway.envoy.snapshot import Snapshot
from entrada.core.gateway.policy_document import read_document
from entrada.core.gateway.service import Service
from entrada.core.gateway.tokens.provider import Provider
from tests.gateway.differential.rows import made
from tests.gateway.differential.running import Running, mutated, running
from tests.gateway.differential.wire import Client, Heard
from tests.gateway.trial import COLORS, DOCUMENT, ISSUER, LIST, ONE, document, provider, validate_jwt

pytest.importorskip("envoy", reason="the extra [gateway] is not installed")

CONFIG = f'<validate-jwt header-name="Authorization"><openid-config url="{DOCUMENT}"/></validate-jwt>'
AUDIENCE = "<audiences><audience>colors</audience></audiences>"
IN_QUERY = validate_jwt().replace('header-name="Authorization"', 'query-parameter-name="access"')
CORS = "<cors><allowed-origins><origin>https://a.example</origin></allowed-origins><allowed-headers><header>*</header></allowed-headers></cors>"
CHECK = '<check-header name="X-Edge" failed-check-httpcode="403" failed-check-error-message="No" ignore-case="false"><value>One</value></check-header>'
PREFLIGHT = ("Origin: https://evil.example", "Access-Control-Request-Method: GET")


@pytest.fixture(scope="module")
def envoy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("t")) as found:
        yield found


def gateway(envoy: Running, inbound: str) -> Service:
    read = read_document(document(inbound), "api")
    assert not read.faults, [str(one) for one in read.faults]
    api = evolve(COLORS, service_url=f"http://127.0.0.1:{envoy.servers.port}/v1")
    return assemble([(api, (LIST, ONE))], Documents(of_apis={api.id: read}))


def compiled(envoy: Running, inbound: str, *keys: str) -> Snapshot:
    return envoy.compiled(gateway(envoy, inbound), {DOCUMENT: provider(*keys)} if keys else {})


def ask(client: Client, target: str, *lines: str, method: str = "GET") -> Heard:
    written = "".join(f"{one}\r\n" for one in lines)
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n{written}\r\n"
    return client.ask(head.encode(), method)


def by(heard: Heard) -> str:
    """Who answered."""
    return str(json.loads(heard.body)["by"]) if heard.body.startswith(b'{"by"') else "envoy"


def bearer(claims: dict[str, object] | None = None, key: str = "oct", scheme: str = "Bearer") -> str:
    kid = {} if key == "oct" else {"kid": key}
    return f"Authorization: {scheme} {made(int(time.time()), claims, key, **kid)}"


def each(value: Any, wanted: str) -> Iterator[dict[str, Any]]:
    """Every object within *value* that has a member *wanted*."""
    if isinstance(value, dict):
        if wanted in value:
            yield value
        for one in value.values():
            yield from each(one, wanted)
    elif isinstance(value, list):
        for one in value:
            yield from each(one, wanted)


def changing(member: str, change: Callable[[dict[str, Any]], None]) -> Callable[[Any], None]:
    def changed(routes: Any) -> None:
        for one in list(each(routes, member)):
            change(one)

    return changed


def native_routes(routes: Any) -> Iterator[dict[str, Any]]:
    found = each(routes, "match")
    return (
        one
        for one in found
        if one.get("metadata", {}).get("filter_metadata", {}).get("entrada", {}).get("by") == "envoy"
    )


def without_fallback(routes: Any) -> None:
    """Envoy refuses by itself, as it would were it not told to go on."""
    for one in list(each(routes, "requires")):
        one["requires"] = one["requires"]["requires_any"]["requirements"][0]


# ---- 1 and section 8: removed keys ---------------------------------------------------------------------------------


def test_a_removed_key_is_refused_at_once_on_open_connections(envoy: Running):
    client, old, kept = envoy.client(), bearer(key="rsa"), bearer(key="rsa2")
    for _ in range(3):
        envoy.push(compiled(envoy, CONFIG, "rsa", "rsa2"))
        assert [by(ask(client, "/colors", one)) for one in (old, kept, old)] == ["backend", "backend", "backend"]
        envoy.push(compiled(envoy, CONFIG, "rsa2"))
        assert [by(ask(client, "/colors", one)) for one in (old, kept)] == ["python", "backend"]


def test_keys_in_the_listener_would_outlive_their_removal(envoy: Running):
    """Trap 1: connections that are open keep the listener that they came by."""
    client, old = envoy.client(), bearer(key="rsa")
    with_it, without = (in_the_listener(compiled(envoy, CONFIG, *keys)) for keys in (("rsa", "rsa2"), ("rsa2",)))
    envoy.push(with_it)
    assert by(ask(client, "/colors", old)) == "backend"
    envoy.push(without)
    assert by(ask(client, "/colors", old)) == "backend"  # with a key that is gone
    assert by(ask(envoy.client(), "/colors", old)) == "python"


def in_the_listener(snapshot: Snapshot) -> Snapshot:
    routes, listener = json.loads(json.dumps(snapshot.routes)), json.loads(json.dumps(snapshot.listener))
    chains = [one.pop("typed_per_filter_config") for one in list(each(routes, "typed_per_filter_config"))]
    chain = next(one for one in chains if list(each(one, "providers")))["envoy.filters.http.filter_chain"][
        "filter_chain"
    ]
    for one in each(listener, "http_filters"):
        noting, *others = one["http_filters"]
        one["http_filters"] = [noting, *chain["filters"], *others]
    return evolve(snapshot, routes=routes, listener=listener)


def test_the_listener_stays_whatever_becomes_of_apis_and_keys(envoy: Running):
    first, other = compiled(envoy, CONFIG, "rsa"), compiled(envoy, IN_QUERY + CORS + CHECK)
    assert first.listener == other.listener
    assert "jwks" not in json.dumps(first.listener)
    assert "remote_jwks" not in json.dumps(first.routes)


def test_without_any_key_left_nobody_is_let_in(envoy: Running):
    """An empty set of keys would be refused by Envoy, which would then keep the keys of before (section 8)."""
    client, token = envoy.client(), bearer(key="rsa")
    envoy.push(compiled(envoy, CONFIG, "rsa"))
    assert by(ask(client, "/colors", token)) == "backend"
    nothing: dict[str, Provider] = {DOCUMENT: Provider(issuer=ISSUER)}
    for providers in (nothing, {}):
        envoy.push(envoy.compiled(gateway(envoy, CONFIG), providers))
        assert by(ask(client, "/colors", token)) == "python"


# ---- 2: Lua --------------------------------------------------------------------------------------------------------


def test_a_script_that_fails_opens_nothing(envoy: Running):
    """Trap 2: Envoy lets requests pass where Lua fails.  Ours opens no route, it only has one looked for anew."""
    snapshot, client = compiled(envoy, CHECK), envoy.client()
    envoy.push(snapshot)
    assert by(ask(client, "/colors", "X-Edge: One")) == "backend"
    assert by(ask(client, "/colors", "X-Edge: Two")) == "envoy"
    client.close()
    envoy.push(
        evolve(
            snapshot,
            listener=json.loads(json.dumps(snapshot.listener).replace("handle:clearRouteCache()", "error('no')")),
        )
    )
    assert [by(ask(client, "/colors", f"X-Edge: {one}")) for one in ("One", "Two")] == ["python", "python"]


def test_what_rbac_notes_is_what_opens(envoy: Running):
    def unguarded(routes: Any) -> None:
        for one in native_routes(routes):
            one["match"].pop("dynamic_metadata", None)

    envoy.push(mutated(compiled(envoy, CHECK), unguarded))
    assert by(ask(envoy.client(), "/colors", "X-Edge: Two")) == "backend"


# ---- 3: preflights -------------------------------------------------------------------------------------------------


def test_a_preflight_never_reaches_the_backend(envoy: Running):
    snapshot = compiled(envoy, CORS)
    envoy.push(snapshot)
    assert by(ask(envoy.client(), "/colors", *PREFLIGHT, method="OPTIONS")) == "python"

    def of_any_method_and_origin(routes: Any) -> None:
        for one in native_routes(routes):
            one["match"]["headers"] = [
                head for head in one["match"]["headers"] if head["name"] not in (":method", "origin")
            ]

    envoy.push(mutated(snapshot, of_any_method_and_origin))
    assert by(ask(envoy.client(), "/colors", *PREFLIGHT, method="OPTIONS")) == "backend"


# ---- 4 and 7: Envoy's own refusals ---------------------------------------------------------------------------------


def test_no_refusal_tells_the_url_with_the_token_in_it(envoy: Running):
    snapshot, client = compiled(envoy, validate_jwt()), envoy.client()
    envoy.push(snapshot)
    refused = ask(client, "/colors?access_token=secret")
    assert (refused.status, refused.all("www-authenticate")) == (401, ['Bearer realm="entrada"'])
    assert by(ask(client, "/colors?access_token=secret", "Authorization: Bearer x")) == "python"
    envoy.push(mutated(snapshot, without_fallback))
    told = ask(client, "/colors?access_token=secret", "Authorization: Bearer x").all("www-authenticate")
    assert "secret" in told[0]


def test_another_audience_is_left_to_decide(envoy: Running):
    """Trap 7: Envoy answers 403 to it; and takes `colors/` for `colors`."""
    snapshot, client = compiled(envoy, validate_jwt("", AUDIENCE)), envoy.client()
    other, slash = bearer({"aud": "other"}), bearer({"aud": "colors/"})
    envoy.push(snapshot)
    assert by(ask(client, "/colors", bearer())) == "backend"
    assert [by(ask(client, "/colors", one)) for one in (other, slash)] == ["python", "python"]

    def by_envoy(routes: Any) -> None:
        without_fallback(routes)
        for one in each(routes, "payload_in_metadata"):
            one["audiences"] = ["colors"]
        for one in native_routes(routes):
            said = one["match"].get("dynamic_metadata", [])
            one["match"]["dynamic_metadata"] = [had for had in said if had["path"][-1]["key"] != "aud"]

    envoy.push(mutated(snapshot, by_envoy))
    assert ask(client, "/colors", other).status == 403
    assert by(ask(client, "/colors", slash)) == "backend"


# ---- 5, 6, 8 -------------------------------------------------------------------------------------------------------


def test_a_token_in_the_query_stays_here(envoy: Running):
    snapshot, client = compiled(envoy, IN_QUERY), envoy.client()
    target = f"/colors?access={made(int(time.time()))}"
    envoy.push(snapshot)
    heard = ask(client, target)
    assert (by(heard), json.loads(heard.body)["target"]) == ("backend", "/v1")
    clusters = json.loads(json.dumps(list(snapshot.clusters)))
    removing = list(each(clusters, "query_parameter_mutations"))
    assert removing
    for one in removing:
        del one["query_parameter_mutations"]
    envoy.push(evolve(snapshot, clusters=clusters))
    time.sleep(0.3)  # the cluster is replaced once it has warmed up
    assert "access=ey" in json.loads(ask(envoy.client(), target).body)["target"]


def test_a_skew_of_nothing_is_a_second_and_not_a_minute(envoy: Running):
    snapshot, client = compiled(envoy, validate_jwt()), envoy.client()
    late = bearer({"exp": int(time.time()) - 20})
    envoy.push(snapshot)
    assert by(ask(client, "/colors", late)) == "python"
    envoy.push(mutated(snapshot, changing("clock_skew_seconds", lambda one: one.update(clock_skew_seconds=0))))
    assert by(ask(client, "/colors", late)) == "backend"


def test_the_case_of_the_scheme_costs_nobody_the_quick_way(envoy: Running):
    snapshot, client = compiled(envoy, validate_jwt()), envoy.client()
    schemes = [bearer(scheme=one) for one in ("Bearer", "bearer", "BEARER", "bEaReR")]
    envoy.push(snapshot)
    assert [by(ask(client, "/colors", one)) for one in schemes] == ["backend", "backend", "backend", "python"]

    def one_of_them(one: dict[str, Any]) -> None:
        one["from_headers"] = one["from_headers"][:1]

    envoy.push(mutated(snapshot, changing("from_headers", one_of_them)))
    assert [by(ask(client, "/colors", one)) for one in schemes[:3]] == ["backend", "python", "python"]


# ---- what the suite has found beside them --------------------------------------------------------------------------


def test_a_second_line_of_a_header_is_seen(envoy: Running):
    """A route's condition looks at each line alone: `One` and `evil` would pass as `One`."""
    client = envoy.client()
    envoy.push(compiled(envoy, CHECK))
    assert by(ask(client, "/colors", "X-Edge: One", "X-Edge: evil")) == "envoy"
    assert ask(client, "/colors", "X-Edge: One", "X-Edge: evil").status == 403


def test_an_operation_that_envoy_cannot_tell_is_not_served_as_another(envoy: Running):
    """`/asked?kind=` has a policy of its own; without its route `/{id}` would take its requests."""
    own = read_document(document(CHECK), "operation")
    odd = evolve(ONE, id=OperationId("odd"), url_template="/a%20b")
    asked = evolve(ONE, id=OperationId("asked"), url_template="/asked?kind={kind}")
    accented = evolve(ONE, id=OperationId("accented"), url_template="/caf%c3%A9")
    colon = evolve(ONE, id=OperationId("colon"), url_template="/all%3aof")
    twice = evolve(ONE, id=OperationId("twice"), url_template="/a//b")
    api = evolve(COLORS, service_url=f"http://127.0.0.1:{envoy.servers.port}/v1")
    documents = Documents(of_operations={(api.id, one.id): own for one in (odd, asked, accented, colon)})
    envoy.push(envoy.compiled(assemble([(api, (ONE, asked, odd, accented, colon, twice))], documents)))
    client = envoy.client()
    assert by(ask(client, "/colors/other")) == "backend"
    assert by(ask(client, "/colors/%C3%A9")) == "backend"
    spelled = ("caf%C3%A9", "caf%c3%a9", "all:of", "all%3Aof", "%6fther", "a//b", "a%2fb", "%c3%a9")
    for one in ("asked?kind=x", "a%20b", *spelled):
        assert by(ask(client, f"/colors/{one}")) == "python", one


def test_a_backend_that_fails_is_told_of_as_conclude_does(envoy: Running):
    api = evolve(COLORS, service_url="http://127.0.0.1:1")
    read = read_document(document(CORS), "api")
    envoy.push(envoy.compiled(assemble([(api, (LIST,))], Documents(of_apis={api.id: read}))))
    heard = ask(envoy.client(), "/colors", "Origin: https://a.example")
    assert heard.status == 500
    assert heard.body == b'{ "statusCode": 500, "message": "The backend could not be reached." }'
    assert heard.all("access-control-allow-origin") == ["https://a.example"]


def test_a_backend_that_is_slow_is_told_of_as_conclude_does(envoy: Running):
    api = evolve(COLORS, service_url=f"http://127.0.0.1:{envoy.servers.port}")
    read = read_document(document(backend='<forward-request timeout-ms="200"/>'), "api")
    envoy.push(envoy.compiled(assemble([(api, (LIST,))], Documents(of_apis={api.id: read}))))
    heard = ask(envoy.client(), "/colors", "X-Be-Slow: yes")
    assert (heard.status, heard.body) == (
        500,
        b'{ "statusCode": 500, "message": "The backend did not answer in time." }',
    )


def test_the_log_tells_of_the_request_and_never_of_a_token(envoy: Running, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("l")
    log = folder / "access.log"
    with running(folder, access_log=str(log), log_claims=("sub", "no such")) as other:
        other.push(compiled(other, IN_QUERY))
        token = made(int(time.time()))
        heard = ask(other.client(), f"/colors?access={token}")
        ask(other.client(), "/colors/x?access=spoiled")
    first, second = (json.loads(line) for line in log.read_text().splitlines())
    told = ("api", "operation", "decided_by", "method", "path", "status")
    assert [first[one] for one in told] == ["colors", "list", "envoy", "GET", "/colors", 200]
    assert [second[one] for one in told] == ["colors", "one", "python", "GET", "/colors/x", 200]
    assert (first["claims"], second["claims"]) == ({"sub": "ben"}, {"sub": None})
    assert heard.all("x-request-id") == [first["request_id"]]
    assert token not in log.read_text()
    assert "spoiled" not in log.read_text()
