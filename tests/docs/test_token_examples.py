"""The page about shaping tokens tells the truth: its file, applied, gives the tokens it promises."""

import asyncio
import re

from entrada.core.protocol.tokens.optional_claims import OPTIONAL_CLAIMS
from entrada.server.usecases.apply_directory import FileRefused, apply_directory
from entrada.server.usecases.settle_credentials import Credentials
from tests.docs.examples import DOCS, blocks
from tests.web.seats import App, Seat
from tests.web.test_claims import claims_of

PAGE = "how-to/shape-tokens.md"
READER = "11b4a470-0000-4000-8000-000000000002"
API = "11b4a470-0000-4000-8000-000000000003"
PAINTERS = "c0105000-0000-4000-8000-00000000a171"


def test_its_file_gives_the_tokens_it_promises(in_process):
    here = in_process.platform.here
    [document] = blocks(PAGE, "yaml")
    credentials = Credentials(
        hash_password=here.hasher.hash, verify_password=lambda password, hashed: here.hasher.verify(hashed, password)
    )
    plan = asyncio.run(apply_directory(document, here.store, here.clock(), credentials))
    assert not isinstance(plan, FileRefused), plan
    seat = Seat(in_process, App(client_id=READER, redirect_uri="http://localhost", username="cai@colors.example"))
    answer = seat.tokens({"scope": f"openid profile api://{API}/Shelves.Read"})
    told, access = claims_of(answer["id_token"]), claims_of(answer["access_token"])
    assert (access["roles"], access["groups"], access["idtyp"]) == (["Librarian"], [PAINTERS], "user")
    assert (access["auth_time"], access["exp"]) == (in_process.clock(), in_process.clock() + 1800)
    assert {"sid", "login_hint"} <= told.keys()
    assert not {"groups", "roles"} & told.keys()


def test_its_table_names_every_claim():
    text = (DOCS / PAGE).read_text("utf-8")
    table = text.partition("## Optional claims")[2].partition("\n\n`upn`")[0]
    named = set(re.findall(r"`(\w+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if "| " in line)))
    assert named - {"claim", "use_guid"} == set(OPTIONAL_CLAIMS) | {"groups", "aud"}
