"""Which API and which operation a request is for.  Gateway reference sections 9 and 13.2."""

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.matching import chosen_api, matched, matchers
from tests.gateway.trial import COLORS


def operation(template: str, method: str = "GET") -> Operation:
    return Operation(id=OperationId(f"{method} {template}"), display_name="x", method=method, url_template=template)


KNOWN = matchers(
    operation(template, method)
    for method, template in [
        ("GET", "/"), ("GET", "/{id}"), ("GET", "/red"), ("GET", "/{id}/shades"), ("GET", "/red/{shade}"),
        ("GET", "/red/{*rest}"), ("GET", "/v{major}/x"), ("GET", "/{id}?full={full}"), ("GET", "/search?by=name"),
        ("POST", "/"), ("get", "/lower.case"), ("GET", "/{id}/{*rest}"),
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
    pytest.param("GET", "/a%2Fb", "", "/{id}", {"id": "a/b"}, id="an escaped slash stays within it"),
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
        ]
    ]
    found = chosen_api(known, path)
    assert found
    assert found.id == name


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_is_asked_is_a_surprise(path: str, query: str):
    found = matched(KNOWN, "GET", f"/{path}", query)
    assert found is None or found.operation.url_template
