"""Everything that is wrong with one policy document: its markup, outline, elements and expressions."""

from collections.abc import Mapping

from entrada.core.gateway.document.decoding import decoded
from entrada.core.gateway.document.fault import Fault, Faults
from entrada.core.gateway.document.policies import BASE, Section
from entrada.core.gateway.elements.register import KINDS
from entrada.core.gateway.elements.statements import read_statements
from entrada.core.gateway.named_values import NamedValue
from entrada.core.gateway.parse import parse


def check(data: bytes, scope: str, named_values: Mapping[str, NamedValue]) -> Faults:
    """In the order of the document; *scope*: global, product, api, operation."""
    text = decoded(data)
    if isinstance(text, Fault):
        return (text,)
    parsed = parse(text, named_values)
    faults = [*parsed.faults]
    for section in parsed.policies.sections:
        _check_section(section, scope, faults)
    return tuple(sorted(set(faults)))


def _check_section(section: Section, scope: str, faults: list[Fault]) -> None:
    told = {fault.place for fault in faults}
    elements = [one for one in section.statements if one.name != BASE]
    found = list[Fault]()
    read_statements(elements, KINDS, section=section.name, scope=scope, path="", faults=found)
    faults += [fault for fault in found if fault.place not in told]
