"""Certificates and federated credentials by hand: added by file and by pasting, changed, removed, refused with reasons."""

import html
import re

import pytest

from tests.drivers.assertions import certified
from tests.drivers.live_server import COLORS_API
from tests.web.portal.by_hand import latest, post, said
from tests.web.portal.portal_driver import BEN, AtThePortal
from tests.web.portal.test_applications import app_of

ONE = certified("client")
THERE = f"/portal/applications/{COLORS_API}/credentials"
GITHUB = {
    "name": "github-main",
    "issuer": "https://token.actions.githubusercontent.example",
    "subject": "repo:colors/colors:ref:refs/heads/main",
    "audience": "api://AzureADTokenExchange",
    "description": "The main branch",
}


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process)


def upload(at: AtThePortal, content: bytes, **fields: str):
    sent = {"seen": at.open(THERE).form_with("certificateName").fields["seen"], **fields}
    return post(
        at, f"{THERE}/certificate", files={"file": ("client.cer", content, "application/x-x509-ca-cert")}, **sent
    )


def asked(at: AtThePortal, action: str):
    """What the first button leads to, answered with yes."""
    page = at.open(THERE)
    assert not any(form.action.endswith("/remove") for form in page.forms)
    found = re.search(rf'href="([^"]*{action}[^"]*)"', page.text)
    assert found, page.text
    question = at.open(html.unescape(found[1]))
    assert "no token any more" in question.text
    return at.send(found[1], action)


# ---- secrets ----


def test_a_form_makes_one_secret_however_often_it_is_sent(in_process, ada):
    fields = {**ada.open(THERE).form_with("secretName").fields, "secretName": "nightly", "lifetime": "90"}
    assert "shown this once" in post(ada, f"{THERE}/secret", **fields).text
    again = post(ada, f"{THERE}/secret", **fields)
    assert again.status == 409
    assert "No secret was made" in said(again)
    assert "nightly" in again.text
    names = [one.display_name for one in app_of(in_process, COLORS_API).client_secrets]
    assert names.count("nightly") == 1


def test_the_address_of_the_secrets_form_leads_to_its_page(ada):
    assert ada.open(f"{THERE}/secret").url.endswith(THERE)


def test_a_secret_is_removed_when_asked_twice(in_process, ada):
    before = app_of(in_process, COLORS_API).client_secrets
    post(ada, f"{THERE}/secret", secretName="nightly", lifetime="90")
    assert ada.open(f"{THERE}/secret/remove?key=none").status == 404
    assert said(asked(ada, "/secret/remove")).startswith("The secret is removed")
    assert len(app_of(in_process, COLORS_API).client_secrets) == len(before)


# ---- certificates ----


@pytest.mark.parametrize("content", [ONE.der, ONE.certificate_pem.encode()], ids=["DER", "PEM"])
def test_a_certificate_comes_as_a_file(in_process, ada, content):
    page = upload(ada, content, certificateName="nightly")
    assert said(page) == "The certificate is added."
    (stored,) = app_of(in_process, COLORS_API).certificates
    assert stored.display_name == "nightly"
    assert stored.key_id in page.text
    assert latest(in_process) == "Update application – Certificates and secrets management"


def test_a_certificate_is_pasted_and_removed(in_process, ada):
    pem = ONE.certificate_pem
    page = ada.browser.submit(ada.open(THERE), "certificateName", certificateName="pasted", certificate=pem)
    assert said(page) == "The certificate is added."
    assert app_of(in_process, COLORS_API).certificates[0].display_name == "pasted"
    page = asked(ada, "/certificate/remove")
    assert said(page) == "The certificate is removed."
    assert app_of(in_process, COLORS_API).certificates == ()


@pytest.mark.parametrize("content", [b"GIF89a, a picture", b"\x30\x82\x00\x01", b"-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_a_file_that_is_no_certificate_is_refused_beside_its_field(in_process, ada, content):
    page = upload(ada, content, certificateName="nightly")
    assert page.status == 400
    assert 'id="f-certificate-error"' in page.text
    assert 'value="nightly"' in page.text  # what was typed is kept
    assert app_of(in_process, COLORS_API).certificates == ()


def test_a_private_key_is_refused_and_never_shown_again(in_process, ada):
    page = upload(ada, ONE.key_pem.encode())
    assert page.status == 400
    assert "PRIVATE KEY" not in page.text
    assert app_of(in_process, COLORS_API).certificates == ()


def test_neither_a_file_nor_text_is_said_so(ada):
    page = ada.browser.submit(ada.open(THERE), "certificateName", certificateName="nothing")
    assert page.status == 400
    assert "Paste the certificate, or choose its file" in said(page)


# ---- federated credentials ----


def add(at: AtThePortal, **changed: str):
    return at.browser.submit(at.open(THERE), "issuer", **{**GITHUB, **changed})


def test_a_federated_credential_is_made_changed_and_removed(in_process, ada):
    page = add(ada)
    assert said(page) == "The federated credential is added."
    (made,) = app_of(in_process, COLORS_API).federated_credentials
    assert (made.name, made.subject, made.description) == (GITHUB["name"], GITHUB["subject"], GITHUB["description"])
    form = ada.open(f"{THERE}/federated/{made.id}")
    assert "oauth-backend-app" in form.text
    page = ada.browser.submit(form, "issuer", subject="repo:colors/colors:environment:production", description="")
    assert said(page) == "The federated credential is changed."
    (changed,) = app_of(in_process, COLORS_API).federated_credentials
    assert (changed.id, changed.name, changed.issuer) == (made.id, made.name, made.issuer)
    assert (changed.subject, changed.description) == ("repo:colors/colors:environment:production", None)
    assert latest(in_process).startswith("Update application")
    page = asked(ada, "/federated/remove")
    assert said(page) == "The federated credential is removed."
    assert app_of(in_process, COLORS_API).federated_credentials == ()


def test_a_name_is_taken_once(in_process, ada):
    add(ada)
    page = add(ada, subject="repo:colors/other")
    assert page.status in (400, 409)
    assert "repo:colors/other" in page.text  # what was typed is kept
    assert len(app_of(in_process, COLORS_API).federated_credentials) == 1


@pytest.mark.parametrize(
    ("field", "value"), [("issuer", "no address"), ("name", "two words"), ("subject", ""), ("audience", "")]
)
def test_what_is_wrong_with_one_stands_beside_its_field(in_process, ada, field, value):
    page = add(ada, **{field: value})
    assert page.status == 400
    assert f'id="f-{field}-error"' in page.text
    assert app_of(in_process, COLORS_API).federated_credentials == ()


def test_a_wrong_change_is_refused_beside_its_field(in_process, ada):
    add(ada)
    (made,) = app_of(in_process, COLORS_API).federated_credentials
    page = ada.browser.submit(ada.open(f"{THERE}/federated/{made.id}"), "issuer", issuer="no address")
    assert page.status == 400
    assert 'id="f-issuer-error"' in page.text
    assert 'value="no address"' in page.text
    assert app_of(in_process, COLORS_API).federated_credentials == (made,)


def test_of_two_who_change_one_the_second_is_told(in_process, ada):
    add(ada)
    (made,) = app_of(in_process, COLORS_API).federated_credentials
    first, second = (ada.open(f"{THERE}/federated/{made.id}") for _ in range(2))
    ada.browser.submit(first, "issuer", description="first")
    page = ada.browser.submit(second, "issuer", description="second")
    assert page.status == 412
    assert 'value="second"' in page.text
    assert app_of(in_process, COLORS_API).federated_credentials[0].description == "first"


def test_whoever_does_not_own_it_changes_none(in_process, ada):
    add(ada)
    (made,) = app_of(in_process, COLORS_API).federated_credentials
    ben = AtThePortal(in_process, BEN)
    there = f"{THERE}/federated/{made.id}"
    assert '<form class="sheet"' not in ben.open(there).text
    assert post(ben, there, **{**GITHUB, "subject": "mine"}).status == 403
    assert post(ben, f"{THERE}/federated/remove", credential=made.id).status == 403
    assert app_of(in_process, COLORS_API).federated_credentials == (made,)


def test_none_is_not_found(ada):
    assert ada.open(f"{THERE}/federated/none").status == 404
