"""The button "Register" pressed twice registers one application; two forms, or one filled in otherwise, two."""

import asyncio

import httpx2
import pytest

from entrada.core.directory.application import Application
from entrada.core.directory.directory_audit import DirectoryAudit
from entrada.core.directory.query.query import Query
from entrada.testing import ORIGIN
from tests.web.portal.by_hand import TENANT, said
from tests.web.portal.portal_driver import AtThePortal

NEW = "/portal/applications/new"


@pytest.fixture
def ada(in_process):
    return AtThePortal(in_process)


def names(there):
    found = asyncio.run(there.platform.here.store.list_entities(Application, TENANT))
    return sorted(one.display_name for one in found if one.display_name.startswith("Twice"))


def press(at, form, name="Twice", **more):
    fields = {**form.fields, "displayName": name, "signInAudience": "AzureADMyOrg", **more}
    return at.browser._follow(at.browser.client.post(NEW, data=fields))


def test_one_form_registers_one(in_process, ada):
    form = ada.open(NEW).form_with("displayName")
    first, second = press(ada, form), press(ada, form)
    assert names(in_process) == ["Twice"]
    assert first.url.partition("?")[0] == second.url.partition("?")[0]
    assert said(first) == said(second) == "The application is registered."
    rows = asyncio.run(in_process.platform.here.store.list_page(DirectoryAudit, TENANT, Query()))
    assert [one.activity for one in rows.items].count("Add application") == 1


def test_pressed_at_once_too(in_process, ada):
    form = ada.open(NEW).form_with("displayName")
    fields = {**form.fields, "displayName": "Twice", "signInAudience": "AzureADMyOrg"}

    cookie = "; ".join(f"{one.name}={one.value}" for one in ada.browser.client.cookies.jar)

    async def at_once():
        transport = httpx2.ASGITransport(app=in_process.platform.app)
        async with httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers={"cookie": cookie}) as client:
            return await asyncio.gather(*(client.post(NEW, data=fields) for _ in range(5)))

    answers = asyncio.run(at_once())
    assert [one.status_code for one in answers] == [303] * 5
    assert len({one.headers["location"].partition("?")[0] for one in answers}) == 1
    assert names(in_process) == ["Twice"]


def test_two_forms_register_two(in_process, ada):
    for _ in range(2):
        press(ada, ada.open(NEW).form_with("displayName"))
    assert names(in_process) == ["Twice", "Twice"]


def test_a_form_filled_in_otherwise_is_another(in_process, ada):
    form = ada.open(NEW).form_with("displayName")
    press(ada, form)
    press(ada, form, "Twice more")
    assert names(in_process) == ["Twice", "Twice more"]


def test_somebody_elses_form_is_another(in_process, ada):
    form = ada.open(NEW).form_with("displayName")
    press(ada, form)
    ben = AtThePortal(in_process, "ben@colors.example")
    press(ben, form, csrf=ben.csrf(ben.home))
    assert names(in_process) == ["Twice", "Twice"]


def test_a_form_whose_application_was_deleted_says_so(in_process, ada):
    form = ada.open(NEW).form_with("displayName")
    there = press(ada, form).url.partition("?")[0].partition("/portal")[2]
    ada.send(f"/portal{there}/delete", "/delete")
    again = press(ada, form)
    assert (again.status, "deleted since" in said(again)) == (400, True)
    assert names(in_process) == []
