"""Envoy and `decide` on the same rows: what Envoy serves alone, it serves as `decide` would.  Design section 7.

Rows that Envoy hands over reach a stand-in for the Python proxy, which runs `decide` itself: there is nothing to compare.
"""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.envoy.snapshot import Snapshot
from tests.gateway.differential.expected import Expected, expected
from tests.gateway.differential.rows import Row, rows
from tests.gateway.differential.running import running
from tests.gateway.differential.variants import AUTHORITY, PROVIDERS, SUBSCRIPTIONS, VARIANTS, service
from tests.gateway.differential.wire import Heard

pytest.importorskip("envoy", reason="the extra [gateway] is not installed")

OURS = (
    "content-length",
    "date",
    "connection",
    "transfer-encoding",
    "x-request-id",
)  # framing, and what is new each time


@define
class Seen:
    snapshot: Snapshot
    differing: dict[str, list[str]] = field(factory=dict[str, list[str]])
    native: Counter[str] = field(factory=Counter[str])  # by variant: served by Envoy alone
    forwarded: Counter[str] = field(factory=Counter[str])  # of those, to the backend
    could: Counter[str] = field(factory=Counter[str])  # `decide` forwards
    total: int = 0


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    folder: Path = tmp_path_factory.mktemp("d")
    with running(folder, authority=AUTHORITY) as envoy:
        served = service(f"http://127.0.0.1:{envoy.servers.port}")
        snapshot = envoy.compiled(served, PROVIDERS, SUBSCRIPTIONS)
        envoy.push(snapshot)
        found, client, now = Seen(snapshot), envoy.client(), int(time.time())
        for row in rows(now):
            heard = client.ask(row.written, row.method)
            _compare(found, row, heard, expected(served, row, PROVIDERS, AUTHORITY, int(time.time())))
    return found


def _compare(found: Seen, row: Row, heard: Heard, wanted: Expected) -> None:
    found.total += 1
    found.could[row.variant] += wanted.asked is not None
    told = _told(heard, row)
    if told is not None and told["by"] == "python":
        return
    found.native[row.variant] += 1
    found.forwarded[row.variant] += told is not None
    wrong = _wrong(row, heard, wanted, told)
    if wrong:
        asked = f"{row.method} {row.target[:80]} {[(a, b[:60]) for a, b in row.headers]} {row.what}"
        found.differing.setdefault(row.variant, []).append(f"{asked}\n    {wrong} ({wanted.reason})")


def _told(heard: Heard, row: Row) -> dict[str, Any] | None:
    """What the backend or the stand-in says."""
    if row.method == "HEAD" and heard.status == 200 and ("server", "b") in heard.headers:
        return {"by": "python"}  # no operation of the suite has HEAD
    if not heard.body.startswith(b'{"by"'):
        return None
    told: dict[str, Any] = json.loads(heard.body)
    return told


def _wrong(row: Row, heard: Heard, wanted: Expected, told: dict[str, Any] | None) -> str:
    if heard.status != wanted.status:
        return f"status {heard.status}, not {wanted.status}"
    if heard.status in (400, 403, 417, 426, 431) and wanted.reason not in _DECIDED and not wanted.headers:
        return ""  # malformed: refused in either's own words
    if (told is None) != (wanted.asked is None):
        return f"the backend heard {told}, and should hear {wanted.asked}"
    if told is None and heard.body != (wanted.body or b""):
        return f"body {heard.body!r}, not {wanted.body!r}"
    if len(heard.all("x-request-id")) != 1:
        return f"x-request-id {heard.all('x-request-id')}"
    if _lines(heard.headers) != _lines(wanted.headers):
        return f"headers {_lines(heard.headers)}, not {_lines(wanted.headers)}"
    return "" if told is None or wanted.asked is None else _heard_wrong(row, told, wanted.asked)


_DECIDED = ("forwarded", "answered")


def _heard_wrong(row: Row, told: dict[str, Any], wanted: tuple[str, str, list[tuple[str, str]]]) -> str:
    method, target, headers = wanted
    if (told["method"], told["target"]) != (method, target):
        return f"asked {told['method']} {told['target']}, not {method} {target}"
    if told["body"] != row.body:
        return f"body {told['body']}"
    heard = [
        (str(name), str(value).encode("latin-1").decode("utf-8", "surrogateescape")) for name, value in told["headers"]
    ]
    asked_id = [value for name, value in row.headers if name.lower() == "x-request-id"]
    if [value for name, value in heard if name == "x-request-id"] != asked_id:
        return "an x-request-id that nobody sent"
    return "" if _lines(heard) == _lines(headers) else f"headers {_lines(heard)}, not {_lines(headers)}"


def _lines(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Without regard to the order of different names; lines of one name are one list (RFC 9110 §5.3)."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        if name.lower() not in OURS:
            found.setdefault(name.lower(), []).extend(part.strip() for part in value.split(","))
    return sorted((name, ",".join(values)) for name, values in found.items())


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_envoy_serves_alone_is_what_decide_says(seen: Seen, variant: str):
    differing = seen.differing.get(variant, [])
    assert not differing, f"{len(differing)} rows differ:\n" + "\n".join(differing[:5])


@pytest.mark.parametrize("variant", VARIANTS)
def test_envoy_serves_what_can_be_compiled_and_hands_over_the_rest(seen: Seen, variant: str):
    place = (ApiId(variant), OperationId("one" if VARIANTS[variant].only_one else "list"))
    if VARIANTS[variant].python:
        assert place in seen.snapshot.handed_over
        assert not seen.forwarded[variant]
    else:
        assert place not in seen.snapshot.handed_over, seen.snapshot.handed_over[place]
        assert seen.native[variant]


def test_there_are_enough_rows_and_most_of_the_good_ones_never_see_python(seen: Seen):
    figures = f"{seen.total} rows, {seen.native.total()} native, {seen.forwarded.total()} of {seen.could.total()} forwarded natively"
    assert seen.total >= 5000, figures
    assert seen.native.total() >= 2000, figures
    able = [name for name, one in VARIANTS.items() if not one.python]
    assert sum(seen.forwarded[one] for one in able) >= 0.6 * sum(seen.could[one] for one in able), figures
