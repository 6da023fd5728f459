"""Who is told of a sign-out, and by which URL."""

from attrs import evolve

from entrada.core.directory.ids import SessionId
from entrada.core.directory.microsoft_graph import MICROSOFT_GRAPH
from entrada.core.protocol.logout.frontchannel import frontchannel_urls

FIRST, SECOND = SessionId("01a1fe0f-0000-7000-8000-000000000001"), SessionId("01a1fe0f-0000-7000-8000-000000000002")
QUIET = evolve(MICROSOFT_GRAPH, logout_url=None)
PLAIN = evolve(MICROSOFT_GRAPH, logout_url="https://app.example/out")
WITH_QUERY = evolve(MICROSOFT_GRAPH, logout_url="https://other.example/out?from=idp")


def test_an_application_without_a_logout_url_is_not_told():
    assert frontchannel_urls([(QUIET, FIRST)]) == ()


def test_each_session_is_named_once_by_its_sid_alone():
    assert frontchannel_urls([(PLAIN, FIRST), (PLAIN, SECOND), (PLAIN, FIRST)]) == (
        f"https://app.example/out?sid={FIRST}",
        f"https://app.example/out?sid={SECOND}",
    )


def test_a_query_of_the_logout_url_is_kept():
    assert frontchannel_urls([(WITH_QUERY, FIRST)]) == (f"https://other.example/out?from=idp&sid={FIRST}",)
