"""Everything that is wrong with one policy document, and what of it is unwise."""

from collections.abc import Mapping

from attrs import frozen

from entrada.core.gateway.advice import Surroundings, about
from entrada.core.gateway.document.decoding import decoded
from entrada.core.gateway.document.fault import Fault, Faults
from entrada.core.gateway.named_values import NamedValue
from entrada.core.gateway.policy_document import read_document


@frozen
class Checked:
    """Both in the order of the document; of one with faults there are no warnings."""

    faults: Faults  # of its encoding, markup, outline, elements and expressions
    warnings: Faults = ()


def check(data: bytes, scope: str, named_values: Mapping[str, NamedValue]) -> Checked:
    """*scope*: global, product, api, operation."""
    text = decoded(data)
    if isinstance(text, Fault):
        return Checked((text,))
    return checked_text(text, scope, named_values)


def checked_text(
    text: str, scope: str, named_values: Mapping[str, NamedValue], surroundings: Surroundings | None = None
) -> Checked:
    document = read_document(text, scope, named_values)
    return Checked(document.faults, () if document.faults else about(document, surroundings or Surroundings()))
