"""Graph as its own OpenAPI description has it: whatever that allows is answered as it says."""

import asyncio
import copy
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from entrada.core.directory.directory_role import DIRECTORY_READERS
from entrada.server.store.memory import MemoryStore
from entrada.server.web.graph.openapi import openapi
from entrada.server.web.graph.table import TABLE
from entrada.testing import ORIGIN, platform
from tests.fuzz.effort import examples
from tests.plugins.platforms import InProcess, new_client
from tests.web.seats import BEN, COLORS, COLORS_API, contents
from tests.web.test_revoke_sign_in_sessions import token_of

CHECKS: Final = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
SCHEMA: Final = schemathesis.openapi.from_dict(openapi(ORIGIN, TABLE))
PAINTERS: Final = "c0105000-0000-4000-8000-00000000a171"
REAL: Final = {  # by the first word of the path, so that some of what is asked for is there
    "applications": f"appId={COLORS_API}",
    "servicePrincipals": f"appId={COLORS_API}",
    "users": str(BEN),
    "groups": PAINTERS,
    "directoryRoles": DIRECTORY_READERS,
    "directoryObjects": PAINTERS,
    "organization": COLORS,
    "domains": "colors.example",
}


@pytest.fixture(scope="module")
def there(signing_keys: MemoryStore) -> InProcess:
    made = asyncio.run(platform(keys=signing_keys))
    return InProcess(made, new_client(made))


@pytest.fixture(scope="module")
def token(there: InProcess) -> str:
    return token_of(there, "Directory.AccessAsUser.All", "ada@colors.example")


@pytest.fixture(scope="module")
def kept(there: InProcess, token: str) -> dict[str, Any]:
    return contents(there.platform.here.store)


def restore(there: InProcess, kept: dict[str, Any]) -> None:
    """Whoever asks may have disabled themselves."""
    for name, value in kept.items():
        same = {one: dict(of) for one, of in value.items()} if name == "_entities" else copy.copy(value)
        setattr(there.platform.here.store._tables, name, same)  # type: ignore[attr-defined]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.method} {row.path}")
def test_answered_as_described(there, token, kept, row):
    operation = SCHEMA[row.path][row.method]
    # What the description does not allow is tried elsewhere: schemathesis may take minutes to think of it.
    cases = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)

    @settings(max_examples=examples(6), deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases, st.booleans())
    def try_it(case, real):
        known = REAL.get(row.path.split("/")[1])
        if real and known is not None and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = known
        sent = case.as_transport_kwargs(base_url=f"{ORIGIN}/v1.0")
        sent["headers"] = {**sent["headers"], "authorization": f"Bearer {token}", "consistencylevel": "eventual"}
        sent = {"content" if name == "data" else name: value for name, value in sent.items() if name != "cookies"}
        answer = there.client.request(**sent)
        restore(there, kept)
        case.validate_response(answer, checks=CHECKS)

    try_it()
