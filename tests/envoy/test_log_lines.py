"""What is told of Envoy's log, and what never is."""

import pytest
from structlog.testing import capture_logs

from entrada.server.envoy.log_lines import LONGEST, Reader, parse_line, refusal

SECRET = "c2VjcmV0LW9mLWEta2V5"
# As Envoy 1.40 prints them.
PRINTED = (
    rb"warning config Filesystem config update rejected: goo.gle/debugproto   \nname: \"entrada\"\nvirtual_hosts {\n"
    rb"  inline_string: \"{\\\"keys\\\":[{\\\"k\\\":\\\"" + SECRET.encode() + rb"\\\"}]}\"\n}\n: Proto constraint"
    rb" validation failed (RouteValidationError.Match: value is required)"
)
UNPACKED = (
    rb"warning config Filesystem config update rejected: Unable to unpack as PerRouteConfig: goo.gle/debugstr   \n"
    rb"[type.googleapis.com/x] {\n  inline_string: \"" + SECRET.encode() + rb"\"\n}\n\n"
)
QUOTED = (
    rb"warning config Filesystem config update failure: in /x/routes.json, Unable to parse JSON as proto"
    rb" (INVALID_ARGUMENT: unexpected EOF): {\"resources\":[{\"k\":\"" + SECRET.encode() + rb"\"}"
)
# fmt: off
REASONS = [
    pytest.param(PRINTED,  "Proto constraint validation failed (RouteValidationError.Match: value is required)", id="printed before the reason"),
    pytest.param(UNPACKED, "Unable to unpack as PerRouteConfig:", id="printed as the reason"),
    pytest.param(QUOTED,   "in /x/routes.json, Unable to parse JSON as proto (INVALID_ARGUMENT: unexpected EOF)", id="a file quoted"),
    pytest.param(rb"warning config Filesystem config update rejected: regex \'" + SECRET.encode() + rb"|x\' RE2 program size of 323 > max", "a regex: RE2 program size of 323 > max", id="a pattern quoted"),
    pytest.param(rb"critical main error initializing configuration \'/x/whole.json\': missing ): (abc", "missing ): (abc", id="checked before it runs"),
    pytest.param(rb"warning main caught ENVOY_SIGTERM", None, id="no refusal"),
]
# fmt: on


@pytest.mark.parametrize(("raw", "why"), REASONS)
def test_a_refusal_is_told_without_the_configuration_it_quotes(raw, why):
    line = parse_line(raw)
    assert line is not None
    assert refusal(line) == why
    assert SECRET not in line.words


def test_lines_come_as_they_are_cut_by_the_pipe():
    reader = Reader()
    with capture_logs() as told:
        for byte in PRINTED + b"\nwarning main caught ENVOY_SIGTERM\n":
            reader.feed(bytes([byte]))
    assert [(line["log_level"], line["component"]) for line in told] == [
        ("warning", "main")
    ]  # the other is told by who pushed
    assert reader.refused == "Proto constraint validation failed (RouteValidationError.Match: value is required)"


def test_a_refusal_larger_than_any_line_keeps_its_reason_and_loses_the_rest():
    reader = Reader()
    head, tail = PRINTED.split(b"virtual_hosts", 1)
    with capture_logs() as told:
        for part in (head, (SECRET.encode() + rb"\n") * LONGEST, tail, b"\n"):
            reader.feed(part)
    assert reader.refused == "Proto constraint validation failed (RouteValidationError.Match: value is required)"
    assert SECRET not in str(told)


def test_the_request_that_envoy_died_of_is_not_told():
    reader = Reader(serving=True)
    with capture_logs() as told:
        reader.feed(b"critical backtrace Caught Segmentation fault\n'authorization', 'Bearer abc'\nhalf a li")
        reader.close()
    assert "Bearer" not in str(told)
    assert told[-1] == {"log_level": "error", "event": "envoy_crash_not_told", "lines": 2}


def test_what_keeps_it_from_starting_is_told():
    reader = Reader()
    with capture_logs() as told:
        reader.feed(b"/lib/libc.so.6: version `GLIBC_2.99' not found\n")
    assert (told[0]["words"], reader.told) == ("/lib/libc.so.6: version `GLIBC_2.99' not found",) * 2


def test_what_is_said_before_there_is_a_log_keeps_its_level():
    reader = Reader()
    with capture_logs() as told:
        reader.feed(b"[2026-01-01 00:00:00.000][17][warning][config] [source/server/x.cc:287] It goes  without.\n")
    assert told == [{"log_level": "warning", "event": "envoy", "component": "config", "words": "It goes without."}]
