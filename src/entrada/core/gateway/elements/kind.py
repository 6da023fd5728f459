"""What is known of an element before it is read: where it may stand, and how often.  Gateway reference section 1."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from attrs import frozen

from entrada.core.gateway.elements.shape import Shape
from entrada.core.gateway.elements.statement import Policy

if TYPE_CHECKING:
    from entrada.core.gateway.elements.reading import Reading

INBOUND: Final = "inbound"
BACKEND: Final = "backend"
OUTBOUND: Final = "outbound"
ON_ERROR: Final = "on-error"
ALL_SECTIONS: Final = (INBOUND, BACKEND, OUTBOUND, ON_ERROR)

GLOBAL: Final = "global"
PRODUCT: Final = "product"
API: Final = "api"
OPERATION: Final = "operation"
ALL_SCOPES: Final = (GLOBAL, PRODUCT, API, OPERATION)


@frozen(kw_only=True)
class Kind:
    name: str
    read: "Callable[[Reading], Policy]"
    shape: Shape
    sections: tuple[str, ...] = ALL_SECTIONS
    scopes: tuple[str, ...] = ALL_SCOPES
    once: bool = False  # in a section
    differs: tuple[str, ...] = ()  # from Azure's
