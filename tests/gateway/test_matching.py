"""Which API and which operation a request is for.  Gateway reference sections 9 and 13.2."""

import re
from time import process_time

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.matching import behind, chosen_api, matched, matchers
from tests.gateway.trial import COLORS


def operation(template: str, method: str = "GET") -> Operation:
    return Operation(id=OperationId(f"{method} {template}"), display_name="x", method=method, url_template=template)


KNOWN = matchers(
    operation(template, method)
    for method, template in [
        ("GET", "/"), ("GET", "/{id}"), ("GET", "/red"), ("GET", "/{id}/shades"), ("GET", "/red/{shade}"),
        ("GET", "/red/{*rest}"), ("GET", "/v{major}/x"), ("GET", "/{id}?full={full}"), ("GET", "/search?by=name"),
        ("POST", "/"), ("get", "/lower.case"), ("GET", "/{id}/{*rest}"),
        ("GET", "/all:of"), ("GET", "/to/{a}-{b}"), ("GET", "/to/({a}){b}.x"), ("GET", "/caf%c3%A9"),
    ]
)  # fmt: skip

# fmt: off
ROWS = [  # method, path, query, the template, its parameters
    pytest.param("GET", "", "", "/", {}, id="the API itself"),
    pytest.param("GET", "/", "", "/", {}, id="with its slash"),
    pytest.param("POST", "/", "", "/", {}, id="by method"),
    pytest.param("PUT", "/", "", None, {}, id="a method that nobody serves"),
    pytest.param("post", "/", "", None, {}, id="a method has a case"),
    pytest.param("GET", "/blue", "", "/{id}", {"id": "blue"}, id="a parameter"),
    pytest.param("GET", "/red", "", "/red", {}, id="a literal wins"),
    pytest.param("GET", "/RED", "", "/{id}", {"id": "RED"}, id="in its own case"),
    pytest.param("GET", "/a%20b", "", "/{id}", {"id": "a b"}, id="a parameter is read"),
    pytest.param("GET", "/all%3Aof", "", "/all:of", {}, id="an escaped literal is that literal"),
    pytest.param("GET", "/caf%C3%A9", "", "/caf%c3%A9", {}, id="an escaped template"),
    pytest.param("GET", "/to/1-2", "", "/to/{a}-{b}", {"a": "1", "b": "2"}, id="two parameters of one segment"),
    pytest.param("GET", "/to/1%2D2", "", "/to/{a}-{b}", {"a": "1", "b": "2"}, id="with an escape between them"),
    pytest.param("GET", "/to/1-2-3", "", "/to/{a}-{b}", {"a": "1-2", "b": "3"}, id="the first is the longest"),
    pytest.param("GET", "/to/-1-", "", "/{id}/{*rest}", {"id": "to", "rest": "-1-"}, id="none of them is empty"),
    pytest.param("GET", "/to/(1)23.x", "", "/to/({a}){b}.x", {"a": "1", "b": "23"}, id="texts around them"),
    pytest.param("GET", "/to/(1).x", "", "/{id}/{*rest}", {"id": "to", "rest": "(1).x"}, id="no room for the second"),
    pytest.param("GET", "/red/", "", "/red/{*rest}", {"rest": ""}, id="the rest may be empty"),
    pytest.param("GET", "/red/a%20b/c%C3%A9", "", "/red/{*rest}", {"rest": "a b/c\u00e9"}, id="the rest is read"),
    pytest.param("GET", "/red/dark", "", "/red/{shade}", {"shade": "dark"}, id="a parameter before the rest"),
    pytest.param("GET", "/red/a/b", "", "/red/{*rest}", {"rest": "a/b"}, id="the rest"),
    pytest.param("GET", "/blue/shades", "", "/{id}/shades", {"id": "blue"}, id="a literal behind a parameter"),
    pytest.param("GET", "/v2/x", "", "/v{major}/x", {"major": "2"}, id="a parameter within a segment"),
    pytest.param("GET", "/blue", "full=1", "/{id}?full={full}", {"id": "blue", "full": "1"}, id="a query parameter takes part"),
    pytest.param("GET", "/search", "by=name", "/search?by=name", {}, id="a query parameter of one value"),
    pytest.param("GET", "/search", "by=age", "/{id}", {"id": "search"}, id="of another value"),
    pytest.param("GET", "/lower.case", "", "/lower.case", {}, id="a dot is a dot"),
    pytest.param("GET", "/lowerXcase", "", "/{id}", {"id": "lowerXcase"}, id="and nothing else"),
]
# fmt: on


@pytest.mark.parametrize(("method", "path", "query", "template", "parameters"), ROWS)
def test_operations(method: str, path: str, query: str, template: str | None, parameters: dict[str, str]):
    found = matched(KNOWN, method, path, query)
    assert (found and found.operation.url_template, dict(found.parameters) if found else {}) == (template, parameters)


# fmt: off
APIS = [  # the path, the API
    pytest.param("/hr", "hr", id="a path"),
    pytest.param("/hr/people", "hr", id="below it"),
    pytest.param("/hr/staff/1", "staff", id="the longest"),
    pytest.param("/hr/v2/x", "hr2", id="the version is a segment"),
    pytest.param("/hrx", "root", id="not the beginning of a word"),
    pytest.param("/at%40me/x", "at", id="an escaped character of an API's path"),
    pytest.param("/at%40me", "at", id="and nothing behind it"),
    pytest.param("/at%40mex", "root", id="not the beginning of an escaped word"),
    pytest.param("/", "root", id="the empty path"),
]
# fmt: on


@pytest.mark.parametrize(("path", "name"), APIS)
def test_apis(path: str, name: str):
    known = [
        evolve(COLORS, id=ApiId(id_), path=at, api_version=version)
        for id_, at, version in [
            ("hr", "hr", None),
            ("staff", "hr/staff", None),
            ("hr2", "hr", "v2"),
            ("root", "", None),
            ("at", "at@me", None),
        ]
    ]
    found = chosen_api(known, path)
    assert found
    assert found.id == name
    rest = behind(found, path)
    assert rest is not None
    assert rest in ("", "/", path) or path.endswith(rest)


def test_a_template_of_many_parameters_takes_no_time():
    """As a regular expression it took 25 s of the event loop, for anybody."""
    known = matchers([operation("/{a}-{b}-{c}-{d}-{e}/x")])
    began = process_time()
    assert matched(known, "GET", f"/{'-' * 50_000}/y", "") is None
    assert process_time() - began < 1
    found = matched(known, "GET", f"/{'-' * 50_000}/x", "")
    assert found
    assert [len(one) for one in found.parameters.values()] == [49_992, 1, 1, 1, 1]


@given(st.lists(st.sampled_from(["{x}", "-", "a", "--"]), min_size=1, max_size=7), st.text("-ab", max_size=12))
def test_segments_are_matched_as_the_regular_expression_would(parts: list[str], segment: str):
    names = iter("klmnopq")
    template = "".join(f"{{{next(names)}}}" if one == "{x}" else one for one in parts)
    pattern = "".join("([^/]+)" if one == "{x}" else re.escape(one) for one in parts)
    wanted = re.fullmatch(pattern, segment)
    found = matched(matchers([operation(f"/{template}")]), "GET", f"/{segment}", "")
    assert (found and list(found.parameters.values())) == (wanted and list(wanted.groups()))


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_is_asked_is_a_surprise(path: str, query: str):
    found = matched(KNOWN, "GET", f"/{path}", query)
    assert found is None or found.operation.url_template
