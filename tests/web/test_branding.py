"""A tenant's looks on the pages by which its people sign in."""

import asyncio
from urllib.parse import urlsplit

import pytest
from attrs import evolve

from entrada.core.directory.ids import TenantId
from entrada.core.directory.tenant import Branding
from entrada.core.protocol.effects import PutEntity
from tests.web.seats import COLORS, PETALS, Seat

PNG = b"\x89PNG\r\n\x1a\nlogo"
OURS = Branding(accent="#0b6e4f", logo=PNG, sign_in_text="Colors only.\nNo <b>greys</b>.")


@pytest.fixture
def branded(in_process):
    store = in_process.platform.here.store
    tenant = asyncio.run(store.find_tenant(TenantId(COLORS)))
    asyncio.run(store.commit((PutEntity(evolve(tenant, branding=OURS)),)))
    return in_process


def test_the_sign_in_page_wears_them(branded):
    page = Seat(branded).open()
    assert "No &lt;b&gt;greys&lt;/b&gt;." in page.text
    assert f"/branding/{COLORS}/accent.css?v=" in page.text
    assert f"/branding/{COLORS}/logo?v=" in page.text


def test_the_consent_page_wears_them_without_the_words(branded):
    seat = Seat(branded)
    page = seat.browser.submit(seat.open(), "username", username="ben@colors.example")
    page = seat.browser.submit(page, "passwd", passwd="Entrada-dev-2026")
    assert 'value="accept"' in page.text
    assert "/accent.css" in page.text
    assert "greys" not in page.text


def test_who_chose_nothing_looks_like_us(in_process):
    assert "/branding/" not in Seat(in_process).open().text


def test_the_stylesheet_names_shades_for_both_grounds(branded):
    answer = branded.client.get(f"/branding/{COLORS}/accent.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "--accent: #0b6e4f" in answer.text
    assert "prefers-color-scheme: dark" in answer.text


def test_the_logo_is_the_image_it_is_and_nothing_else(branded):
    answer = branded.client.get(f"/branding/{COLORS}/logo")
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


# fmt: off
NOWHERE = [
    pytest.param(f"/branding/{PETALS}/accent.css", id="no accent was chosen"),
    pytest.param(f"/branding/{PETALS}/logo",       id="no logo was chosen"),
    pytest.param("/branding/x/logo",               id="no tenant's id"),
    pytest.param(f"/branding/{COLORS[:-1]}9/logo", id="nobody's id"),
]
# fmt: on


@pytest.mark.parametrize("path", NOWHERE)
def test_there_is_nothing(branded, path):
    assert branded.client.get(path).status_code == 404


def test_another_version_has_another_name(branded):
    def named() -> str:
        return next(word for word in Seat(branded).open().text.split('"') if "/accent.css" in word)

    first = named()
    store = branded.platform.here.store
    tenant = asyncio.run(store.find_tenant(TenantId(COLORS)))
    asyncio.run(store.commit((PutEntity(evolve(tenant, branding=evolve(OURS, accent="#112233"))),)))
    assert urlsplit(named()).query != urlsplit(first).query


def test_the_page_of_an_error_wears_them_without_the_words(branded):
    page = Seat(branded).open({"redirect_uri": "https://elsewhere.example/"})
    assert page.status == 400
    assert f"/branding/{COLORS}/accent.css?v=" in page.text
    assert f"/branding/{COLORS}/logo?v=" in page.text
    assert "greys" not in page.text


def test_the_pages_of_the_own_account_wear_them(branded):
    seat = Seat(branded)
    seat.sign_in()
    for path in ("/account", "/account/password"):
        page = seat.browser.open(path)
        assert f"/branding/{COLORS}/accent.css?v=" in page.text, path


@pytest.mark.parametrize("segment", ["nowhere.example", "common", "%00", "organizations"])
def test_a_request_that_names_no_tenant_is_told_so_in_our_own_looks(branded, segment):
    answer = branded.client.get(f"/{segment}/oauth2/v2.0/authorize?client_id=x")
    assert answer.status_code in {400, 404}
    assert "/branding/" not in answer.text
