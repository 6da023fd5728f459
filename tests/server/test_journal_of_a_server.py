"""A server that stops has written its journal: each refusal, who was let in, and which secret was used.  Design 4."""

import asyncio

from starlette.testclient import TestClient

from entrada.core.directory.ids import TenantId
from entrada.server.store.sql.engine import open_store
from entrada.server.store.sql.migrate import migrate
from entrada.testing import ORIGIN, platform
from tests.web.seats import COLORS

DAEMON = "c0105000-0000-4000-8000-0000000dae01"


def test_what_was_decided_last_is_found_by_the_next_server(tmp_path, signing_keys):
    url = f"sqlite:///{tmp_path}/entrada.db"
    migrate(url)
    made = asyncio.run(platform(open_store(url), keys=signing_keys))
    form = {"grant_type": "client_credentials", "client_id": DAEMON, "scope": "https://graph.microsoft.com/.default"}
    with TestClient(made.app, base_url=ORIGIN) as client:
        answers = [
            client.post(f"/{COLORS}/oauth2/v2.0/token", data={**form, "client_secret": secret})
            for secret in ("daemon-dev-secret", "another one")
        ]
    again = open_store(url)
    story = asyncio.run(again.find_story(answers[1].json()["trace_id"]))
    uses = asyncio.run(again.list_uses(TenantId(COLORS), DAEMON))
    asyncio.run(again.close())
    assert [one.status_code for one in answers] == [200, 401]
    assert (story.aadsts, story.client_id, story.tenant_id) == (7000215, DAEMON, COLORS)
    assert [one.at for one in uses] == [made.clock()]
