"""Whatever an owner called a scope or registered as a redirect URI: what others paste does what its template says."""

import ast
import json
import re
import shlex
import subprocess

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.directory.application import Application, Platform, RedirectUri
from entrada.core.directory.ids import ApplicationId, ClientId, TenantId
from entrada.server.web.portal.applications.snippets import Facts, postman_environment, quoted, snippets
from tests.interop.node_program import find_node

ORIGIN = "https://login.example:8443"
TENANT = "c0105000-0000-4000-8000-000000000001"
AUTHORITY = f"{ORIGIN}/{TENANT}"
CLIENT = "c0105000-0000-4000-8000-00000000e951"
NASTY = (
    "$(touch${IFS}/tmp/x)", "`id`", "'; id; '", '"; id; "', "a b", "&id", "|id", ">x", "\\", "\\'", "#", "!!", "*", "~",
    "\nid\n", '", x]); evil()  //', "${jndi:x}", ": x", "- x", "%{x}", "{{x}}", "\u2028", "\x85", "\x7f", "\U000e0001", "é",
)  # fmt: skip
STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
texts = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20),
    st.text("$`'\"\\ \n;&|<>(){}[]#!*?~%=:,-@", min_size=1, max_size=20),
)


def facts(scopes=("plain",), path="plain", name="plain", *, public=False):
    uris = tuple(RedirectUri(f"https://app.example/{path}", one) for one in (Platform.WEB, Platform.SPA))
    app = Application(
        id=ApplicationId(CLIENT),
        app_id=ClientId(CLIENT),
        tenant_id=TenantId(TENANT),
        display_name=name,
        redirect_uris=uris,
        is_fallback_public_client=public,
    )
    return Facts(origin=ORIGIN, app=app, segment=TENANT, tenant_name=name, scopes=tuple(scopes))


def written(of):
    return {one.key: one.text for one in snippets(of)}


def commands(text):
    """Of each the words, as a shell reads them."""
    joined = [one for one in shlex.split(text, comments=True) if one != "\n"]  # which ends a line that goes on
    starts = [at for at, word in enumerate(joined) if word == "curl"]
    return [joined[a:b] for a, b in zip(starts, [*starts[1:], None], strict=True)]


@given(scopes=st.lists(texts, min_size=1, max_size=3), path=texts)
def test_nothing_but_strings_differs(scopes, path):
    usual, hostile = written(facts(["plain"] * len(scopes))), written(facts(scopes, path))
    for key in ("msal-python", "msal-node", "msal-browser", "dotnet", "spring"):
        assert STRING.sub("", hostile[key]) == STRING.sub("", usual[key])
        known = [json.loads(one) for one in STRING.findall(usual[key])]
        found = [json.loads(one) for one in STRING.findall(hostile[key])]
        meant = {"plain": set(scopes), "https://app.example/plain": {f"https://app.example/{path}"}}
        for one, other in zip(known, found, strict=True):
            if one != "/plain":  # the path that .NET listens at, as it is split off
                assert other in meant.get(one, {one})


@given(scopes=st.lists(texts, min_size=1, max_size=3), path=texts)
def test_each_language_reads_the_values_back(scopes, path):
    made, uri = written(facts(scopes, path)), f"https://app.example/{path}"
    calls = [one for one in ast.walk(ast.parse(made["msal-python"])) if isinstance(one, ast.Call)]
    begin = next(one for one in calls if getattr(one.func, "attr", "") == "initiate_auth_code_flow")
    assert ast.literal_eval(begin.args[0]) == scopes
    assert ast.literal_eval(begin.keywords[0].value) == uri
    assert json.loads(made["dotnet"])["AzureAd"]["ClientId"] == CLIENT
    client = yaml.safe_load(made["spring"])["spring"]["security"]["oauth2"]["client"]
    assert client["registration"]["entrada"]["scope"] == ["openid", "profile", *scopes]
    assert client["registration"]["entrada"]["redirect-uri"] == uri
    assert client["provider"]["entrada"]["issuer-uri"] == f"{AUTHORITY}/v2.0"


@given(scopes=st.lists(texts, min_size=1, max_size=3), path=texts)
def test_a_shell_reads_each_value_as_one_word(scopes, path):
    begin, token = f"{AUTHORITY}/oauth2/v2.0/devicecode", f"{AUTHORITY}/oauth2/v2.0/token"
    [by_code] = commands(written(facts(scopes, path))["curl"])
    client = ["-d", f"client_id={CLIENT}"]
    uri = f"redirect_uri=https://app.example/{path}"
    assert by_code == [
        *("curl", "--fail-with-body", token, "-d", "grant_type=authorization_code", *client),
        *(
            "--data-urlencode",
            "client_secret=$CLIENT_SECRET",
            "--data-urlencode",
            uri,
            "--data-urlencode",
            "code=$CODE",
        ),
    ]
    [device, _] = commands(written(facts(scopes, path, public=True))["curl"])
    scope = f"scope=openid profile offline_access {' '.join(scopes)}"
    assert device == ["curl", "--fail-with-body", begin, *client, "--data-urlencode", scope]
    [itself] = commands(written(facts(scopes, path))["curl-itself"])
    resource = scopes[0].rpartition("/")[0] or "https://graph.microsoft.com"
    assert itself[-2:] == ["--data-urlencode", f"scope={resource}/.default"]
    assert len(itself) == 11


@given(name=texts, scopes=st.lists(texts, min_size=1, max_size=3), path=texts)
def test_the_environment_for_postman_is_read_back(name, scopes, path):
    made = json.loads(json.dumps(postman_environment(facts(scopes, path, name))))
    values = {one["key"]: one["value"] for one in made["values"]}
    assert made["name"] == f"{name} at {name}"
    assert values["redirect_uri"] == f"https://app.example/{path}"
    assert values["scope"] == f"openid profile offline_access {' '.join(scopes)}"


@given(texts)
def test_a_quoted_text_is_read_alike_everywhere(text):
    assert json.loads(quoted(text)) == ast.literal_eval(quoted(text)) == yaml.safe_load(quoted(text)) == text
    assert "\n" not in quoted(text)


@pytest.mark.parametrize("public", [True, False])
def test_bash_runs_curl_and_nothing_else(tmp_path, public):
    """As it is pasted, with all of them at once."""
    scopes = [one.replace("/tmp/x", str(tmp_path / "x")) for one in NASTY]
    for one in (*scopes, f"$(touch {tmp_path}/x)/y", f"'$(touch {tmp_path}/x)'/y"):
        made = written(facts([one], "$(touch x)'`touch x`", public=public))
        stub = 'curl() { printf "%s\\n" "$#"; }\nCLIENT_SECRET=s CODE=c DEVICE_CODE=d\n'
        text = stub + made["curl"] + made["curl-itself"]
        ran = subprocess.run(["bash", "-c", text], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert ran.stdout.split() == (["6", "8", "10"] if public else ["12", "10"])
        assert ran.stderr == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("key", ["msal-node", "msal-browser"])
def test_javascript_parses(tmp_path, key):
    node, path = find_node(), tmp_path / "pasted.mjs"
    path.write_text(written(facts(NASTY, "".join(NASTY)))[key], encoding="utf-8")
    subprocess.run([node, "--check", path], check=True, capture_output=True)
