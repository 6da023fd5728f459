"""What is said of every element is what its reader takes: no attribute and no child more, and none less."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

import pytest

from entrada.core.gateway.document.fault import Fault
from entrada.core.gateway.elements.kind import Kind
from entrada.core.gateway.elements.register import KINDS
from entrada.core.gateway.elements.shape import Shape
from entrada.core.gateway.policy_document import read_document
from tests.gateway import trial

EVERY = [pytest.param(kind, id=name) for name, kind in KINDS.items()]


def written(shape: Shape, odd: str, at: Shape) -> str:
    """With every attribute and child that is said; *odd* is added to *at*."""
    attributes = [f"{one.name}={quoteattr(next(iter((*one.values, *one.suggested, 'x'))))}" for one in shape.attributes]
    inner = "".join(written(one, odd, at) for one in shape.children) or shape.text
    here = odd if shape is at else ""
    extra, child = ('zzz="1"', "") if here == "attribute" else ("", "<zzz/>" if here else "")
    return f"<{shape.name} {' '.join(attributes)} {extra}>{inner}{child}</{shape.name}>"


def faults_of(kind: Kind, odd: str, at: Shape) -> tuple[Fault, ...]:
    section = kind.sections[0]
    text = written(kind.shape, odd, at)
    document = trial.document(text) if section == "inbound" else trial.document(**{section.replace("-", "_"): text})
    return read_document(document, kind.scopes[-1]).faults


def places(kind: Kind) -> Iterator[Shape]:
    return (one for one in kind.shape.walk() if one.name != "base")


@pytest.mark.parametrize("kind", EVERY)
def test_what_is_said_is_taken(kind: Kind) -> None:
    told = [str(one) for one in faults_of(kind, "", kind.shape)]
    assert not [
        one for one in told if "takes no attribute" in one or "cannot stand in" in one or "stands behind" in one
    ]


@pytest.mark.parametrize("kind", EVERY)
def test_what_is_taken_is_said(kind: Kind) -> None:
    for shape in places(kind):
        lacking = {one.name for one in shape.lacking}
        known = {one.name for one in shape.attributes} | {"id"}
        assert taken(kind, shape, "attribute", "attributes") - lacking == known
        if not shape.holds_policies:
            assert taken(kind, shape, "child", "elements") - lacking == {one.name for one in shape.children}


def taken(kind: Kind, shape: Shape, odd: str, what: str) -> set[str]:
    found = next(one for one in faults_of(kind, odd, shape) if "zzz" in one.what)
    listed = re.search(rf"it takes the {what} (.*)\.$", found.instead)
    return set(listed[1].split(", ")) if listed else set()


@pytest.mark.parametrize("kind", EVERY)
def test_values_are_those_that_are_taken(kind: Kind) -> None:
    assert kind.shape.name == kind.name
    for shape in places(kind):
        for one in shape.attributes:
            assert not one.default or not one.values or one.default in one.values, one


@pytest.mark.parametrize("kind", EVERY)
def test_what_must_be_there_is_missed(kind: Kind) -> None:
    section = kind.sections[0].replace("-", "_")
    empty = f"<{kind.name}/>"
    document = trial.document(empty) if section == "inbound" else trial.document(**{section: empty})
    told = " ".join(one.what for one in read_document(document, kind.scopes[-1]).faults)
    assert {one.name for one in kind.shape.attributes if one.required} == set(
        re.findall("has no attribute `([a-z-]+)`", told)
    ) - {"header-name"}
