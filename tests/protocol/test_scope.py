"""What a scope parameter asks for: RFC 6749 §3.3; reference section 26."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.scope import MAX_RESOURCES, MAX_WORDS, Word, _parse_again, identifiers, parse_words, resolve
from tests.protocol.known import API, API_URI, GRAPH, KNOWN, READ, TENANT, USER_READ, said

GRAPH_URI = "https://graph.microsoft.com"
# fmt: off
WORDS = [  # the parameter, its words or why not
    pytest.param("User.Read",                  (Word("", "User.Read"),),                  id="a bare name is Graph's"),
    pytest.param("openid  profile",            (Word("", "openid"), Word("", "profile")), id="two spaces"),
    pytest.param(" openid ",                   (Word("", "openid"),),                     id="spaces around"),
    pytest.param("openid openid",              (Word("", "openid"),),                     id="each word once"),
    pytest.param("api://colors/Colors.Read",   (Word("api://colors/", "Colors.Read"),),   id="cut at the last slash"),
    pytest.param("https://x.example//.default", (Word("https://x.example//", ".default"),), id="a doubled slash keeps one for the identifier"),
    pytest.param("",                           (),                                        id="nothing"),
    pytest.param("api://colors/",              why.INVALID_SCOPE,                         id="no value behind the slash"),
    pytest.param("/User.Read",                 why.INVALID_SCOPE,                         id="no resource before the slash"),
    pytest.param("openid /.default",           why.INVALID_SCOPE,                         id="nor beside another word"),
    pytest.param("//.default",                 why.INVALID_SCOPE,                         id="a resource of slashes alone"),
    pytest.param("a\tb",                       why.INVALID_SCOPE,                         id="a tab does not separate"),
    pytest.param('a"b',                        why.INVALID_SCOPE,                         id="a quotation mark"),
    pytest.param("a\\b",                       why.INVALID_SCOPE,                         id="a backslash"),
    pytest.param("Lesen.für",                  why.INVALID_SCOPE,                         id="a letter beyond ASCII"),
    pytest.param("a\n",                        why.INVALID_SCOPE,                         id="a line feed behind"),
]
RESOLVED = [  # the parameter; OIDC scopes, then per resource: which, the scopes named, whether .default
    pytest.param("openid profile",           {"openid", "profile"}, [],                        id="OIDC alone names no resource"),
    pytest.param("User.Read openid",         {"openid"}, [(GRAPH, (USER_READ,), False)],       id="Graph's bare name"),
    pytest.param("user.read",                set(),      [(GRAPH, (USER_READ,), False)],       id="case is not distinguished in the asking"),
    pytest.param(f"{GRAPH_URI}/openid",      {"openid"}, [],                                   id="an OIDC scope under Graph's URI"),
    pytest.param(f"{API_URI}/Colors.Read",   set(),      [(API, (READ,), False)],              id="an API by its URI"),
    pytest.param(f"{API.app_id}/Colors.Read", set(),     [(API, (READ,), False)],              id="an API by its client id"),
    pytest.param(f"{API_URI}/.default",      set(),      [(API, (), True)],                    id=".default"),
    pytest.param(f"{API_URI}/Colors.Read {API.app_id}/Colors.Read", set(), [(API, (READ, READ), False)], id="one API by two names is one resource"),
    pytest.param(f"{API_URI}/Colors.Read User.Read", set(), [(API, (READ,), False), (GRAPH, (USER_READ,), False)], id="two resources, in the order asked"),
    pytest.param(f"{GRAPH_URI}//openid",     {"openid"}, [],                                   id="an OIDC scope under Graph's other URI"),
    pytest.param(f"{API_URI}/openid",        why.SCOPE_NOT_FOUND, None,                        id="openid of another API is no OIDC scope"),
    pytest.param("api://nobody/Read",        why.RESOURCE_NOT_FOUND, None,                     id="an API that nobody knows"),
    pytest.param("Mail.Fly",                 why.SCOPE_NOT_FOUND, None,                        id="a permission that Graph does not have"),
    pytest.param(f"{API_URI}/Colors.Gone",   why.SCOPE_NOT_FOUND, None,                        id="a permission that is switched off"),
    pytest.param(f"{API_URI}/.default {API_URI}/Colors.Read", why.INVALID_SCOPE, None,         id=".default stands alone among its resource's scopes"),
    pytest.param(f"{API_URI}/.default User.Read", set(), [(API, (), True), (GRAPH, (USER_READ,), False)], id=".default beside another resource's scope"),
]
# fmt: on


@pytest.mark.parametrize(("scope", "words"), WORDS)
def test_splitting_a_scope(scope, words):
    assert said(parse_words(scope)) == words


@pytest.mark.parametrize(("scope", "oidc", "resources"), RESOLVED)
def test_finding_what_a_scope_names(scope, oidc, resources):
    request = resolve(parse_words(scope), KNOWN, TENANT.id)
    if resources is None:
        assert said(request) is oidc
    else:
        assert request.oidc == oidc
        assert [(one.resource, one.scopes, one.default) for one in request.resources] == resources


def test_the_text_keeps_the_clients_spelling():
    assert resolve(parse_words("openid user.read openid"), KNOWN, TENANT.id).text == "openid user.read"


def test_only_what_is_no_oidc_scope_is_looked_up():
    words = parse_words(f"openid User.Read {API_URI}/Colors.Read")
    assert identifiers(words) == {GRAPH_URI, API_URI}


@given(st.text())
def test_a_word_is_written_as_it_was_read(scope):
    words = parse_words(scope)
    if not isinstance(words, Refusal):
        assert [str(word) for word in words] == list(dict.fromkeys(filter(None, scope.split(" "))))


@given(st.lists(st.sampled_from(["openid", "User.Read", "user.read", f"{API_URI}/Colors.Read", "offline_access"])))
def test_nothing_is_resolved_that_was_not_asked(asked):
    request = resolve(parse_words(" ".join(asked)), KNOWN, TENANT.id)
    named = {scope.value.lower() for part in request.resources for scope in part.scopes} | set(request.oidc)
    assert named == {word.rpartition("/")[2].lower() for word in asked}


def test_a_scope_may_not_cost_a_thousand_look_ups():
    few = " ".join(f"api://{number}/Read" for number in range(MAX_RESOURCES))
    assert not isinstance(parse_words(few), Refusal)
    assert isinstance(parse_words(f"{few} api://more/Read"), Refusal)
    assert isinstance(parse_words(" ".join(f"Scope{number}" for number in range(MAX_WORDS + 1))), Refusal)


def test_what_strangers_send_is_not_remembered():
    before = _parse_again.cache_info().currsize
    for number in range(20):
        parse_words("x" * 600 + str(number))
    assert _parse_again.cache_info().currsize == before
