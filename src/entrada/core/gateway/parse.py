"""A policy document's text as sections of elements, with its named values in place, and all that is wrong with it."""

from collections.abc import Mapping

from attrs import frozen

from entrada.core.gateway.document.fault import Fault, Faults, in_order
from entrada.core.gateway.document.policies import Policies, sorted_into_sections
from entrada.core.gateway.document.tree import parse_tree
from entrada.core.gateway.named_values import NamedValue, fill


@frozen
class Parsed:
    policies: Policies  # what could be understood
    faults: Faults  # in the order of the document


def parse(text: str, named_values: Mapping[str, NamedValue] | None = None) -> Parsed:
    tree = parse_tree(text)
    if isinstance(tree, Fault):
        return Parsed(Policies(()), (tree,))
    root, unnamed = fill(tree, named_values or {})
    policies, faults = sorted_into_sections(root)
    return Parsed(policies, in_order((*unnamed, *faults)))
