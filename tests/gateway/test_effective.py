"""What holds for a request: scopes and base."""

import pytest

from entrada.core.gateway.effective import effective
from entrada.core.gateway.parse import parse


def document(inbound: str | None, rest: str = ""):
    section = "" if inbound is None else f"<inbound>{inbound}</inbound>"
    found = parse(f"<policies>{section}{rest}</policies>")
    assert not found.faults
    return found.policies


def names(documents, section="inbound"):
    return [f"{one.scope}:{one.element.name}" for one in effective(documents).sections[section]]


GLOBAL, PRODUCT, API = document("<g/>"), document("<base/><p/>"), document("<a1/><base/><a2/>")

# fmt: off
ROWS = [
    pytest.param({}, [], id="nothing is written"),
    pytest.param({"global": GLOBAL}, ["global:g"], id="a scope without a document holds only base"),
    pytest.param({"global": GLOBAL, "operation": document("<o/><base/>")}, ["operation:o", "global:g"], id="scopes between are passed over"),
    pytest.param({"global": GLOBAL, "product": PRODUCT, "api": API}, ["api:a1", "global:g", "product:p", "api:a2"], id="base stands for what is inherited, where it stands"),
    pytest.param({"global": GLOBAL, "product": PRODUCT, "api": API, "operation": document("<o/>")}, ["operation:o"], id="without base nothing is inherited"),
    pytest.param({"global": GLOBAL, "api": document(None)}, ["global:g"], id="a section that is left out inherits"),
    pytest.param({"global": GLOBAL, "api": document("")}, [], id="an empty one has no base"),
    pytest.param({"global": document("<base/><g/>"), "api": document("<base/>")}, ["global:g"], id="base at the global scope has no effect"),
    pytest.param({"global": GLOBAL, "product": document("<p/>"), "api": API}, ["api:a1", "product:p", "api:a2"], id="a scope between may end it"),
]
# fmt: on


@pytest.mark.parametrize(("documents", "expected"), ROWS)
def test_base_is_what_is_inherited(documents, expected):
    assert names(documents) == expected


def test_each_section_inherits_by_itself():
    documents = {
        "global": document("<g/>", "<outbound><go/></outbound><on-error><ge/></on-error>"),
        "api": document("<base/>", "<outbound><ao/></outbound>"),
    }
    assert names(documents) == ["global:g"]
    assert names(documents, "outbound") == ["api:ao"]
    assert names(documents, "on-error") == ["global:ge"]


def test_until_somebody_writes_otherwise_requests_are_forwarded():
    assert names({"api": document("", "<backend><base/></backend>")}, "backend") == ["global:forward-request"]
    assert names({"global": document("<g/>")}, "backend") == ["global:forward-request"]
    assert names({"global": document("<g/>", "<backend></backend>")}, "backend") == []


def test_a_statement_remembers_its_place():
    (one,) = effective({"api": parse("<policies>\n <inbound>\n  <a/></inbound></policies>").policies}).sections[
        "inbound"
    ]
    assert (one.place.line, one.place.column) == (3, 3)


def test_who_leaves_the_backend_out_still_asks_it():
    documents = {"global": document("<g/>"), "api": document("<a/>")}
    assert names(documents, "backend") == ["global:forward-request"]
    emptied = {**documents, "api": document("<a/>", "<backend></backend>")}
    assert names(emptied, "backend") == []
