"""/error?code=: what a number stands for, and what to do about each of its causes."""

import pytest

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Reason
from entrada.server.web.identity.error_page import reasons_of

# fmt: off
SEVERAL = [  # the number, its causes, the commonest first
    pytest.param(7000215, [why.WRONG_SECRET, why.IDENTITY_HEADER_WRONG],  id="a wrong secret"),
    pytest.param(65001,   [why.CONSENT_MISSING, why.CONSENT_REQUIRED],    id="no consent"),
    pytest.param(700016,  [why.CLIENT_NOT_FOUND, why.IDENTITY_NOT_FOUND], id="no such application"),
]
# fmt: on


def before_its_facts(sentence: str) -> str:
    return sentence.partition("'")[0].partition("{")[0]


@pytest.mark.parametrize(("number", "causes"), SEVERAL)
def test_each_cause_brings_its_own_remedy(shared, number: int, causes: list[Reason]):
    text = shared.client.get(f"/error?code={number}").text
    shown = text.partition('<ol class="causes">')[2].partition("</ol>")[0].split("<li>")[1:]
    assert len(shown) == len(causes)
    for one, reason in zip(shown, causes, strict=True):
        assert before_its_facts(reason.text) in one
        assert before_its_facts(reason.advice) in one
        assert reason.error in one
    assert " Or: " not in text


def test_a_page_of_a_sign_in_is_stale_more_often_than_anything_else():
    assert reasons_of("50089")[0] is why.INTERACTION_STALE


def test_what_every_error_of_a_number_says_is_said_once(shared):
    text = shared.client.get("/error?code=90002").text
    assert len(reasons_of("90002")) == 2
    assert text.count("What to do") == 1
    assert "invalid_request or invalid_tenant" in text


def test_a_single_cause_makes_no_list(shared):
    text = shared.client.get("/error?code=AADSTS50034").text
    assert (text.count("What to do"), 'class="causes"' in text) == (1, False)


@pytest.mark.parametrize(("asked", "said"), [("1", "never answers with that code"), ("", "Which code do you want")])
def test_what_is_no_code_of_ours_is_said(shared, asked: str, said: str):
    answer = shared.client.get(f"/error?code={asked}")
    assert (answer.status_code, said in answer.text, "What to do" in answer.text) == (404, True, False)


def test_consent_that_default_does_not_ask_for_is_told(shared):
    text = shared.client.get("/error?code=65001").text
    assert ".default" in text
    assert "prompt=consent" in text
