"""The pages on devices and on passwords that applications ask for: run as printed against a live server."""

import json
import re
import subprocess
from contextlib import closing
from datetime import datetime

import pytest

from tests.docs.examples import at, blocks, names_of
from tests.drivers.live_server import LiveServer
from tests.interop.conftest import ben, people, trusting  # noqa: F401 - fixtures
from tests.interop.person import Person

pytestmark = [pytest.mark.interop, pytest.mark.usefixtures("trusting")]

DEVICE, PASSWORDS = "how-to/device.md", "how-to/passwords-by-application.md"


def shell(live: LiveServer, command: str) -> dict[str, object]:
    done = subprocess.run(
        ["sh", "-eu", "-c", at(live, command)],
        env={"PATH": "/usr/bin:/bin", "CURL_CA_BUNDLE": str(live.bundle)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, object] = json.loads(done.stdout)
    return said


def test_in_python(live: LiveServer, ben: Person):  # noqa: F811
    def tell(message: str) -> None:
        found = re.search(r"open (\S+) .* code (\w{9})\.", message)
        assert found, message
        ben.let_in(found[1], found[2])

    def prompt(url: str, code: str, _ends: datetime) -> None:
        ben.let_in(url, code)

    names = names_of(live, DEVICE)
    assert names["sign_in"](["User.Read"], tell)
    names["app"].http_client.close()
    with closing(names["credential"]) as credential:
        credential._prompt_callback = prompt
        assert credential.get_token("https://graph.microsoft.com/User.Read").token


def test_by_hand(live: LiveServer):
    begin, poll = blocks(DEVICE, "sh")
    told = shell(live, begin)
    assert shell(live, poll.replace("…", str(told["device_code"])))["error"] == "authorization_pending"


def test_a_password_where_no_tenant_allows_it(live: LiveServer):
    [ask] = blocks(PASSWORDS, "sh")
    assert shell(live, ask)["error_codes"] == [53003]
