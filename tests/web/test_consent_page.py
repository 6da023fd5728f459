"""What the consent page showed is what its button grants."""

import asyncio

import pytest
import structlog

from entrada.core.directory.ids import ClientId, TenantId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.directory.permission import RequiredResourceAccess
from entrada.core.directory.service_principal import PermissionGrant
from tests.drivers.form_browser import PASSWORD
from tests.web.seats import COLORS, REPSYS, Seat, change

SCOPES = {scope.value: scope.id for scope in MICROSOFT_GRAPH.scopes}


def register(there, *values):
    store = there.platform.here.store
    client = asyncio.run(store.find_application(ClientId(REPSYS)))
    access = RequiredResourceAccess(
        resource_app_id=MICROSOFT_GRAPH.app_id, scopes=tuple(SCOPES[value] for value in values)
    )
    change(store, client, required_resource_access=(access,))


def granted(there):
    grants = asyncio.run(there.platform.here.store.list_entities(PermissionGrant, TenantId(COLORS)))
    return {scope for grant in grants for scope in grant.scopes}


def asked(seat, scope="openid https://graph.microsoft.com/.default"):
    page = seat.browser.submit(seat.open({"scope": scope}), "username", username="ben@colors.example")
    return seat.browser.submit(page, "passwd", passwd=PASSWORD)


def test_what_was_registered_meanwhile_is_shown_first(in_process):
    register(in_process, "User.Read")
    seat = Seat(in_process)
    old = asked(seat)
    register(in_process, "User.Read", "Mail.Send")
    again = seat.browser.submit(old, "decision", decision="accept")
    assert (again.status, granted(in_process)) == (200, set())
    assert 'value="accept"' in again.text
    seat.browser.submit(again, "decision", decision="accept")
    assert granted(in_process) == {"openid", "User.Read", "Mail.Send", "offline_access"}  # the last is always shown


@pytest.fixture
def lines():
    """What is logged, from whichever thread."""
    written: list[dict[str, object]] = []

    def keep(_logger, _method, line):
        written.append(dict(line))
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(processors=[keep], wrapper_class=structlog.make_filtering_bound_logger("info"))
    yield written
    structlog.configure(**before)


def test_the_log_says_for_whom_it_was_given_not_for_whom_it_was_asked(in_process, lines):
    seat = Seat(in_process)
    seat.browser.submit(asked(seat, "openid User.Read"), "decision", decision="accept", on_behalf="1")
    assert [line["for_all"] for line in lines if line["event"] == "consent"] == ["False"]
