"""entrada inspect: what a token says, verified by those alone whom we name."""

import json
import time
from pathlib import Path

import pytest

from entrada.core.jose.compact import sign
from entrada.core.jose.key import SigningKey
from tests.cli.conftest import Entrada
from tests.jose.known_keys import our_key, strangers_key

ISSUER = "https://issuer.example"


@pytest.fixture(scope="session")
def key() -> SigningKey:
    return our_key()


@pytest.fixture
def jwks(key: SigningKey, tmp_path: Path) -> Path:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [key.public_jwk()]}))
    return path


def token(key: SigningKey, **claims: object) -> str:
    now = int(time.time())
    return sign({"iss": ISSUER, "aud": "api://me", "exp": now + 600, "iat": now, "scp": "a", "azp": "c", **claims}, key)


@pytest.fixture
def run(entrada: Entrada):
    def do(*words: object, ends: int = 0, stdin: str | None = None, **environment: str):
        done = entrada("inspect", *words, stdin=stdin, **environment)
        assert done.exit_code == ends, done.output
        return done

    return do


def test_every_way_in_shows_the_same(run, key, tmp_path):
    one = token(key)
    (tmp_path / "t").write_text(f"Authorization: Bearer {one}\n")
    shown = run(one).stdout
    assert "Whom it is for" in shown
    assert "Not verified" in shown
    assert "(in 9 min" in shown or "(in 10 min" in shown
    ways = [("-t", one), ("-f", tmp_path / "t")]
    outs = [run(*way, "-o", "json", "--claims").stdout for way in ways]
    outs += [run("-o", "json", "--claims", *dash, stdin=text).stdout
             for dash, text in (((), one), (("-",), f'"{one}"\n'), ((), json.dumps({"access_token": one})))]  # fmt: skip
    assert {json.loads(out)["iss"] for out in outs} == {ISSUER}
    assert len(set(outs)) == 1


def test_data_opens_nothing(run, key):
    one = token(key)
    data = json.loads(run(one, "-o", "json").stdout)
    assert one.rpartition(".")[2] not in json.dumps(data)
    assert (data["verified"], data["valid"], data["header"]["kid"]) == (False, True, key.kid)
    assert 590 <= data["expires_in"] <= 600
    assert json.loads(run(one, "--header", "-o", "json").stdout)["alg"] == "RS256"
    assert 'iss: "https://issuer.example"' in run(one, "--claims", "-o", "yaml").stdout


def test_the_exit_code_says_it(run, key):
    now = int(time.time())
    assert run(token(key), "--check").output == ""
    assert "expired" in run(token(key, exp=now - 9), "--check", ends=8).stderr
    assert "expired" in run(token(key, exp=now - 9), ends=8).stdout
    assert "not for api://you" in run(token(key), "--check", "--audience", "api://you", ends=8).stderr
    run(token(key), "--check", "--audience", "api://me", "--audience", "api://you")
    assert "Invalid JWT token format" in run("opaque", ends=8).stderr
    run(stdin="", ends=2)
    run(token(key), "-t", token(key), ends=2)
    run("-f", "/none", ends=4)
    run("-p", "nobody", ends=4)


def test_it_is_verified_by_keys_that_are_named(run, key, jwks):
    one = token(key)
    assert "Verified: https://issuer.example signed it." in run(one, "--jwks", jwks, "--issuer", ISSUER).stdout
    assert "whose it is nobody was asked" in run(one, "--jwks", jwks).stdout
    spoilt = f"{one[:-8]}{'A' * 8}"
    assert "The signature does not verify." in run(spoilt, "--jwks", jwks, "--check", ends=8).stderr
    assert "another issuer" in run(one, "--jwks", jwks, "--issuer", f"{ISSUER}/", "--check", ends=8).stderr
    assert "No known key" in run(token(strangers_key()), "--jwks", jwks, "--check", ends=8).stderr
    run(one, "--jwks", "/none", ends=9)


def test_nobody_is_trusted_for_being_named_in_the_token(run, key):
    done = run(token(key), "--verify", ends=2)
    assert "name --authority" in done.stderr
    run(token(key), "--authority", "http://plain.example/x", ends=2)
    run(token(key), "--authority", "https://a.example/x", "--issuer", ISSUER, ends=2)


def test_nothing_in_it_moves_a_cursor(run, key):
    one = token(key, name="a\x1b[2J\u202eb", **{"x\x1b[31m": {"y": "\x9b"}})
    for output in ("pretty", "json", "yaml"):
        shown = run(one, "-o", output).stdout
        assert not set(shown) & {"\x1b", "\u202e", "\x9b"}, output


def daemon_token(live) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": "c0105000-0000-4000-8000-0000000dae01",
        "client_secret": "daemon-dev-secret",
        "scope": "api://c0105000-0000-4000-8000-00000000ba51/.default",
    }
    with live.client() as client:
        answer = client.post(f"{live.authority}/oauth2/v2.0/token", data=form)
    return answer.raise_for_status().json()["access_token"]


def test_a_token_of_the_running_platform(live, entrada):
    """Found by itself, verified by its keys; refused where another is named."""
    daemon = daemon_token(live)
    environment = {"ENTRADA_DATA_DIR": str(live.folder)}
    shown = entrada("inspect", "--verify", stdin=daemon, **environment)
    assert shown.exit_code == 0, shown.output
    assert "Verified:" in shown.stdout
    other = entrada("inspect", "--check", "--authority", f"{live.origin}/petals.example", stdin=daemon, **environment)
    assert other.exit_code == 8, other.output
