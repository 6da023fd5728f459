"""Permissions of low impact: which are, who says so, and what cannot be said."""

from __future__ import annotations

from typing import Any

import pytest

from entrada.core.directory import directory_role as role
from entrada.core.directory.derived_id import service_principal_id
from entrada.core.directory.ids import ClientId
from entrada.core.directory.microsoft_graph import APP_ID
from entrada.server.usecases.administer.permission_classifications import (
    add_classification,
    list_classifications,
    remove_classification,
)
from tests.drivers.live_server import COLORS_API
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR, TENANT, activities, audits, ben, refused, run
from tests.web.seats import installed

ADMIN = ben(role.CLOUD_APPLICATION_ADMINISTRATOR)
API = service_principal_id(TENANT, ClientId(COLORS_API))
NOBODY = "c0105000-0000-4000-8000-0000000000ee"


@pytest.fixture
def here(in_process: InProcess) -> Any:
    made = in_process.platform.here
    for app_id in (COLORS_API, APP_ID):
        installed(made.store, ClientId(app_id), TENANT)
    for one in run(list_classifications(made, OPERATOR, API)):
        run(remove_classification(made, OPERATOR, API, one.id))
    return made


def low(here: Any) -> list[str]:
    return [one.value for one in run(list_classifications(here, ben(), API))]


def test_a_permission_is_of_low_impact_until_it_is_taken_away(here: Any) -> None:
    write = run(add_classification(here, ADMIN, API, {"permissionName": "Colors.Write", "classification": "low"}))
    read = run(add_classification(here, ADMIN, API, {"permissionName": "Colors.Read"}))
    assert low(here) == ["Colors.Read", "Colors.Write"]
    assert refused(add_classification(here, ADMIN, API, {"permissionId": read.id}))[0] == 409
    run(remove_classification(here, ADMIN, API, write.id.upper()))
    assert low(here) == ["Colors.Read"]
    assert refused(remove_classification(here, ADMIN, API, write.id))[0] == 404
    assert "Add delegated permission classification" in activities(here)
    assert any("lowImpactScopes" in repr(one) for one in audits(here))


def test_microsoft_graphs_permissions_too(here: Any) -> None:
    graph = service_principal_id(TENANT, ClientId(APP_ID))
    run(add_classification(here, ADMIN, graph, {"permissionName": "Mail.Read"}))
    assert "Mail.Read" in [one.value for one in run(list_classifications(here, ben(), graph))]


# fmt: off
REFUSED = [
    pytest.param(ben(), API, {"permissionName": "Colors.Read"},                              (403, None),             id="by an ordinary member"),
    pytest.param(ADMIN, NOBODY, {"permissionName": "Colors.Read"},                           (404, None),             id="of an unknown API"),
    pytest.param(ADMIN, API, {},                                                             (400, "permissionId"),   id="of nothing"),
    pytest.param(ADMIN, API, {"permissionName": "Colors.Mix"},                               (400, "permissionId"),   id="of an unknown permission"),
    pytest.param(ADMIN, API, {"permissionId": NOBODY, "permissionName": "Colors.Read"},      (400, "permissionId"),   id="by two that are not one"),
    pytest.param(ADMIN, API, {"permissionName": "Colors.Read", "classification": "high"},    (400, "classification"), id="as of more impact"),
    pytest.param(ADMIN, API, {"permissionName": "Colors.Read", "colour": "red"},             (400, "colour"),         id="with more to say"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "principal_id", "members", "why"), REFUSED)
def test_what_is_not_classified(
    here: Any, actor: Any, principal_id: str, members: dict[str, object], why: tuple[int, str | None]
) -> None:
    assert refused(add_classification(here, actor, principal_id, members)) == why
    assert low(here) == []
