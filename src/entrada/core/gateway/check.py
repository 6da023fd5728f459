"""Everything that is wrong with one policy document: its encoding, markup, outline, elements and expressions."""

from collections.abc import Mapping

from entrada.core.gateway.document.decoding import decoded
from entrada.core.gateway.document.fault import Fault, Faults
from entrada.core.gateway.named_values import NamedValue
from entrada.core.gateway.policy_document import read_document


def check(data: bytes, scope: str, named_values: Mapping[str, NamedValue]) -> Faults:
    """In the order of the document; *scope*: global, product, api, operation."""
    text = decoded(data)
    return (text,) if isinstance(text, Fault) else read_document(text, scope, named_values).faults
