"""No password, secret, code, token, verifier or key in any log line, page or cookie.  Design section 10."""

import asyncio
import io
import logging
from collections.abc import Iterator
from urllib.parse import quote

import httpx2
import pytest
import structlog

from entrada.core.directory.ids import ANY_TENANT
from entrada.core.directory.query.query import Query
from entrada.core.directory.story import Story
from entrada.core.jose import base64url
from entrada.server import logs
from entrada.server.store.memory import MemoryStore
from entrada.testing import in_process as testing
from entrada.testing import platform
from tests.plugins.platforms import InProcess, new_client
from tests.web.seats import CHALLENGE, CLI_APP, SPA_APP, VERIFIER, Seat, fields_of

PASSWORD, WRONG = "Entrada-dev-2026", "hunter2-of-ben"
SECRET, WRONG_SECRET = "repsys-dev-secret", "a-secret-that-is-wrong"


class Broken(MemoryStore):
    """Fails when told to, with everything sensitive in the frames above it."""

    broken = False

    async def commit(self, effects):
        if self.broken and effects:
            raise RuntimeError("the disk is gone")
        return await super().commit(effects)


@pytest.fixture
def log(monkeypatch) -> Iterator[io.StringIO]:
    """The log as the server writes it: JSON, everything from debug up."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    before = structlog.get_config()
    handlers, level = list(logging.getLogger().handlers), logging.getLogger().level
    logs.configure("debug", "json")
    yield written
    structlog.configure(**before)
    logging.getLogger().handlers[:] = handlers
    logging.getLogger().setLevel(level)


class Heard:
    """Every answer a client got."""

    def __init__(self, client) -> None:
        self.answers: list[httpx2.Response] = []
        client.event_hooks = {"response": [self.answers.append]}

    def pages(self) -> str:
        for answer in self.answers:
            answer.read()
        html = [one for one in self.answers if "html" in one.headers.get("content-type", "")]
        # The form that submits itself to the client, and redirects, are what carry a code.
        return "\n".join(one.text for one in html if 'name="code"' not in one.text)

    def cookies(self) -> str:
        return "\n".join(line for answer in self.answers for line in answer.headers.get_list("set-cookie"))


def sign_in_with_every_mishap(seat: Seat) -> list[str]:
    """What must never be seen: all that was secret on the way."""
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    page = seat.browser.submit(page, "passwd", passwd=WRONG)
    page = seat.browser.submit(page, "passwd", passwd=PASSWORD)
    seat.browser.submit(page, "decision", decision="accept")
    code = fields_of(seat.browser.left_to)["code"]
    seat.redeem(code, {"code_verifier": VERIFIER[::-1]})
    if seat.app.secret:
        seat.redeem(code, {"client_secret": WRONG_SECRET})
    first = seat.redeem(code).json()
    second = seat.refresh(first["refresh_token"]).json()
    seat.there.client.get("/v1.0/me", headers={"authorization": f"Bearer {first['access_token']}"})
    seat.there.client.get("/v1.0/me", headers={"authorization": f"Bearer {first['access_token']}x"})
    seat.refresh(first["refresh_token"][:-1])
    seat.redeem(code)
    hint = {"id_token_hint": first["id_token"]}
    seat.browser.client.get(f"/{seat.app.tenant}/oauth2/v2.0/logout", params=hint)
    tokens = [body[name] for body in (first, second) for name in ("access_token", "refresh_token", "id_token")]
    return [code, *tokens]


def stories(here) -> str:
    """All that the journal keeps, of every tenant."""
    asyncio.run(here.journal.write(here.store))
    tenants = [*asyncio.run(here.store.list_tenants())]
    ids = (ANY_TENANT, *(one.id for one in tenants))
    pages = [here.store.list_page(Story, tenant_id, Query(top=999)) for tenant_id in ids]
    return "\n".join(repr(story) for page in pages for story in asyncio.run(page).items)


def master_key() -> list[str]:
    value = testing._MASTER.value
    return [base64url.encode(value), value.hex(), repr(value), repr(value)[2:-1]]


def assert_unseen(text: str, secrets: list[str], where: str) -> None:
    shown = [secret[:12] for secret in secrets if secret in text or quote(secret, safe="") in text]
    assert shown == [], where
    # Nor a part of one, as where a line was cut: what begins alike in all of them is shorter.
    long = [secret for secret in secrets if len(secret) > 120]
    assert [secret[:12] for secret in long if secret[:60] in text and not secret.startswith("ey")] == [], where
    assert [secret[:12] for secret in long if secret[-60:] in text] == [], where


@pytest.mark.parametrize("app", [None, SPA_APP, CLI_APP], ids=["web", "spa", "public client"])
def test_a_whole_sign_in_leaves_no_secret_anywhere(signing_keys, log, app):
    made = asyncio.run(platform(keys=signing_keys))
    there = InProcess(made, new_client(made))
    seat = Seat(there, app) if app else Seat(there)
    heard = Heard(seat.browser.client)
    secrets = [PASSWORD, WRONG, SECRET, WRONG_SECRET, VERIFIER, VERIFIER[::-1], CHALLENGE]
    secrets += [*sign_in_with_every_mishap(seat), *master_key()]
    lines = log.getvalue()
    assert '"decision":"granted"' in lines
    assert '"decision":"refused"' in lines
    assert_unseen(lines, secrets, "log")
    told = stories(made.here)
    assert told.count("Story(") > 6
    assert_unseen(told, secrets, "stories")
    assert_unseen(heard.pages(), [one for one in secrets if one != CHALLENGE], "pages")
    assert_unseen(heard.cookies(), [*secrets, "n-1", "User.Read", seat.app.redirect_uri], "cookies")
    assert len(heard.answers) > 4
    assert "__Host-entrada-session" in heard.cookies()


def test_a_traceback_leaves_no_secret_either(signing_keys, log):
    made = asyncio.run(platform(Broken(), keys=signing_keys))
    there = InProcess(made, new_client(made))
    seat = Seat(there)
    code = seat.sign_in()["code"]
    page = seat.browser.submit(seat.open({"prompt": "login"}), "username", username="ben@colors.example")
    there.platform.here.store.broken = True
    answers = [seat.redeem(code), seat.browser.submit(page, "passwd", passwd=PASSWORD)]
    assert "the disk is gone" in log.getvalue()
    secrets = [PASSWORD, SECRET, VERIFIER, code, *master_key()]
    assert_unseen(log.getvalue(), secrets, "log")
    for answer in answers:
        assert "the disk is gone" not in answer.text
        assert_unseen(answer.text, secrets, "answer")


def test_representations_tell_nothing(in_process):
    here = in_process.platform.here
    assert_unseen(repr(here) + repr(here.keyring) + repr(here.keyring.master), master_key(), "representations")
