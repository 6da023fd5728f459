"""A policy document, read for the scope it is written for: its statements, and everything that is wrong with it.

What is refused here is refused when it is saved: nothing of a document with faults ever runs.
"""

from collections.abc import Mapping
from typing import Final

from attrs import field, frozen

from entrada.core.gateway.document.fault import Fault, Faults, in_order
from entrada.core.gateway.document.policies import BASE, Policies
from entrada.core.gateway.effective import AZURES_GLOBAL, SCOPES, effective
from entrada.core.gateway.elements.register import KINDS
from entrada.core.gateway.elements.statement import Statement
from entrada.core.gateway.elements.statements import read_statements
from entrada.core.gateway.elements.validate_azure_ad_token import ValidateAzureAdToken
from entrada.core.gateway.elements.validate_jwt import ValidateJwt
from entrada.core.gateway.named_values import NamedValue
from entrada.core.gateway.parse import parse
from entrada.core.gateway.plan import Plan, walk


@frozen
class Document:
    scope: str
    policies: Policies
    faults: Faults
    statements: Mapping[int, Statement] = field(repr=False, eq=False)  # by the identity of their elements
    secrets: frozenset[str] = field(repr=False)  # of the named values it was read with

    def discovery(self, authority: str) -> frozenset[str]:
        """The URLs of the discovery documents that it needs."""
        return frozenset(
            url
            for one in walk(tuple(self.statements.values()))
            if isinstance(one.policy, ValidateJwt | ValidateAzureAdToken)
            for url in one.policy.discovery(authority)
        )


def read_document(text: str, scope: str, named_values: Mapping[str, NamedValue] | None = None) -> Document:
    """*scope*: global, product, api or operation; a document that is meant for any is read as an operation's."""
    parsed = parse(text, named_values)
    faults: list[Fault] = []
    statements: dict[int, Statement] = {}
    for section in parsed.policies.sections:
        elements = [one for one in section.statements if one.name not in _TOLD_OF]
        read = read_statements(elements, KINDS, section=section.name, scope=scope, path="", faults=faults)
        at = {one.place: one for one in read}
        statements |= {id(element): at[element.place] for element in elements if element.place in at}
    told = {fault.place for fault in parsed.faults}  # of the outline: nothing more is said of what stands there
    faults = [fault for fault in faults if fault.place not in told]
    return Document(scope, parsed.policies, in_order((*parsed.faults, *faults)), statements, _secrets(named_values))


def plan(documents: Mapping[str, Document]) -> Plan:
    """*documents* by scope, none of which has faults."""
    merged = effective({scope: one.policies for scope, one in documents.items()}, _UNWRITTEN.policies)
    known = {key: one for read in (_UNWRITTEN, *documents.values()) for key, one in read.statements.items()}

    def statements(section: str) -> tuple[Statement, ...]:
        return tuple(known[id(one.element)] for one in merged.sections[section])

    return Plan(
        inbound=statements("inbound"),
        backend=statements("backend"),
        outbound=statements("outbound"),
        on_error=statements("on-error"),
        # The longest first: one may hold another.
        secrets=tuple(sorted({secret for one in documents.values() for secret in one.secrets}, key=len, reverse=True)),
    )


def _secrets(named_values: Mapping[str, NamedValue] | None) -> frozenset[str]:
    return frozenset(one.value for one in (named_values or {}).values() if one.is_secret and one.value)


_TOLD_OF: Final = (BASE, "include-fragment")  # by the outline already
_UNWRITTEN: Final = read_document(AZURES_GLOBAL, SCOPES[0])
