"""Surprises: the database away, others quicker again and again, a bug.  An answer with a trace id, never a traceback."""

import asyncio

import pytest

from entrada.core.errors import catalogue as why
from entrada.server.store.memory import MemoryStore
from entrada.server.store.port import StoreContended, StoreUnavailable
from entrada.testing import platform
from tests.plugins.platforms import InProcess, new_client
from tests.web.seats import Seat, contents, expected, reason_of


class Failing(MemoryStore):
    """Works until it is told how to fail."""

    failure: Exception | bool = True

    async def commit(self, effects):
        if not effects or self.failure is True:
            return await super().commit(effects)
        if self.failure is False:
            return False
        raise self.failure


@pytest.fixture
def failing(signing_keys) -> Seat:
    made = asyncio.run(platform(Failing(), keys=signing_keys))
    return Seat(InProcess(made, new_client(made)))


# fmt: off
FAILURES = [  # what the store does, the reason
    pytest.param(StoreUnavailable("postgresql://user:hush@db"), why.TEMPORARILY_UNAVAILABLE, id="the database is away"),
    pytest.param(StoreContended(),                              why.TEMPORARILY_UNAVAILABLE, id="others were quicker"),
    pytest.param(False,                                         why.TEMPORARILY_UNAVAILABLE, id="no commit ever holds"),
    pytest.param(RuntimeError("hush"),                          why.SERVER_FAULT,            id="a bug"),
]
# fmt: on


@pytest.mark.parametrize(("failure", "reason"), FAILURES)
def test_at_the_token_endpoint(failing, failure, reason):
    code = failing.sign_in()["code"]
    store = failing.there.platform.here.store
    before = contents(store)
    store.failure = failure
    answer = failing.redeem(code)
    assert reason_of(answer) == expected(reason)
    assert "hush" not in answer.text
    assert ("retry-after" in answer.headers) == (reason.status == 503)
    assert contents(store) == before
    store.failure = True
    assert failing.redeem(code).status_code == 200  # nothing was half done


@pytest.mark.parametrize(("failure", "reason"), FAILURES)
def test_in_the_middle_of_a_sign_in(failing, failure, reason):
    page = failing.browser.submit(failing.open(), "username", username="ben@colors.example")
    store = failing.there.platform.here.store
    before = contents(store)
    store.failure = failure
    form = page.form_with("passwd")
    answer = failing.browser.client.post(
        form.action, data={**form.fields, "passwd": "Entrada-dev-2026"}, headers={"accept": "text/html"}
    )
    assert answer.status_code == reason.status
    assert reason.aadsts in answer.text
    assert "hush" not in answer.text
    assert "Traceback" not in answer.text
    assert contents(store) == before


def test_a_person_who_mistyped_gets_a_page_and_a_program_a_line(in_process):
    page = in_process.client.get("/nowhere/at/all", headers={"accept": "text/html"})
    assert (page.status_code, "There is nothing here" in page.text) == (404, True)
    assert "form-action 'self'" in page.headers["content-security-policy"]
    line = in_process.client.get("/nowhere/at/all")
    assert (line.status_code, line.text) == (404, "404 Not Found\n")
