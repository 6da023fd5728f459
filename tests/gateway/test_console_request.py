"""The request that a filled-in form stands for: below its API and nowhere else, whatever is typed."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrada.core.gateway.console.request import Filled, Written, write
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.ids import ApiId, OperationId
from entrada.core.gateway.entities.operation import Operation, Parameter, RequestDescription
from entrada.core.gateway.matching import matched, matchers

API = Api(id=ApiId("hr"), display_name="HR", path="hr", api_version="v1")


def operation(template, method="GET", **request):
    return Operation(
        id=OperationId("o"),
        display_name="O",
        method=method,
        url_template=template,
        request=RequestDescription(**request),
    )


def written(url_template, method="GET", **filled):
    return write(API, operation(url_template, method), Filled(**filled))


# fmt: off
ROWS = [  # the template, its values, what is sent
    pytest.param("/",                    {},                       "/hr/v1",              id="the root has no slash of its own"),
    pytest.param("/people",              {},                       "/hr/v1/people",       id="a literal"),
    pytest.param("/people/{id}",         {"id": "7"},              "/hr/v1/people/7",     id="a value"),
    pytest.param("/people/{id}",         {"id": "a?b=1#c"},        "/hr/v1/people/a%3Fb%3D1%23c", id="no query, no fragment"),
    pytest.param("/people/{id}",         {"id": "ü %"},            "/hr/v1/people/%C3%BC%20%25", id="as UTF-8"),
    pytest.param("/files/{*rest}",       {"rest": "a/b c"},        "/hr/v1/files/a/b%20c", id="the rest keeps its slashes"),
    pytest.param("/find?of={what}",      {"what": "a/b=c"},        "/hr/v1/find?of=a%2Fb%3Dc", id="in the query of the template"),
]
REFUSED = [
    pytest.param("/people/{id}", {}, id="missing"),
    pytest.param("/people/{id}", {"id": ".."}, id="dots"),
    pytest.param("/people/{id}", {"id": "."}, id="a dot"),
    pytest.param("/people/{id}", {"id": "..;x"}, id="dots with a parameter"),
    pytest.param("/people/{id}", {"id": "a\\b"}, id="a backslash"),
    pytest.param("/people/{id}", {"id": "a/b"}, id="a slash"),
    pytest.param("/files/{*rest}", {"rest": "a//b"}, id="an empty segment"),
    pytest.param("/people/{id}", {"id": "a\0b"}, id="NUL"),
    pytest.param("/files/{*rest}", {"rest": "a/../../../x"}, id="dots in the rest"),
    pytest.param("/people/{id}", {"id": "x" * 9000}, id="too long"),
]
# fmt: on


@pytest.mark.parametrize(("template", "values", "target"), ROWS)
def test_a_template_is_filled(template, values, target):
    found = written(template, template=values)
    assert isinstance(found, Written)
    assert found.target == target


@pytest.mark.parametrize(("template", "values"), REFUSED)
def test_what_could_be_read_as_another_path_is_not_sent(template, values):
    assert not isinstance(written(template, template=values), Written)


@given(st.text(min_size=1, max_size=40))
def test_no_value_leaves_its_segment(value):
    known = operation("/people/{id}")
    found = write(API, known, Filled(template={"id": value}))
    if isinstance(found, Written):
        path = urlsplit(found.target).path
        assert path.startswith("/hr/v1/people/")
        assert path.count("/") == 4
        assert unquote(path.rpartition("/")[2]) == value
        again = matched(matchers([known]), "GET", found.path.removeprefix("/hr/v1"), found.query)
        assert again is not None
        assert again.parameters == {"id": value}


# fmt: off
SPOILT = [
    ("Host", "evil.example"), ("host", "x"), ("Content-Length", "0"), ("Transfer-Encoding", "chunked"), ("TE", "trailers"),
    ("Connection", "close"), ("Upgrade", "x"), ("X Y", "1"), ("X:Y", "1"), ("X\r\nHost", "1"), ("", "value"),
    ("X-A", "a\r\nHost: evil"), ("X-A", "a\0"), ("X-A", "ü"), ("X-A", "a" * 9000),
]
# fmt: on


@pytest.mark.parametrize(("name", "value"), SPOILT)
def test_a_header_stays_in_its_line_and_names_no_host(name, value):
    assert not isinstance(written("/", headers=((name, value),)), Written)


@given(st.text(max_size=20), st.text(max_size=20))
def test_whatever_is_typed_as_a_header_is_one_header_or_none(name, value):
    found = written("/", headers=((name, value),))
    if isinstance(found, Written):
        assert len(found.headers) == (1 if name.strip() else 0)
        assert all("\r" not in part and "\n" not in part for line in found.headers for part in line)


def test_too_many_headers_are_not_sent():
    assert not isinstance(written("/", headers=(("A", "1"),) * 51), Written)


def test_blank_rows_are_left_out_and_queries_are_escaped():
    found = written("/", query=(("", "x"), ("a", ""), ("b&c", "1=2&3")), headers=(("", ""),))
    assert isinstance(found, Written)
    assert found.target == "/hr/v1?b%26c=1%3D2%263"
    assert found.headers == ()


def test_what_the_operation_requires_is_asked_for():
    known = operation(
        "/", query_parameters=(Parameter(name="q", required=True),), headers=(Parameter(name="X-H", required=True),)
    )
    wrong = write(API, known, Filled())
    assert not isinstance(wrong, Written)
    assert {one.where for one in wrong} == {"q.q", "h.X-H"}


@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("HEAD", b""), ("POST", b"x"), ("DELETE", b"x")])
def test_a_body_goes_where_one_may_be(method, body):
    found = written("/", method, body="x", content_type="text/plain")
    assert isinstance(found, Written)
    assert found.body == body
    assert found.headers == ((("Content-Type", "text/plain"),) if body else ())


def test_a_typed_content_type_is_the_one():
    found = written("/", "POST", body="x", content_type="text/plain", headers=(("content-type", "text/csv"),))
    assert isinstance(found, Written)
    assert found.headers == (("content-type", "text/csv"),)
