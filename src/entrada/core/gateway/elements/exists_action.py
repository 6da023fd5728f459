"""`exists-action`: what becomes of a value that is there already.  Gateway reference section 9."""

from typing import Final

from attrs import frozen

from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.value import Constant, Value

OVERRIDE: Final = "override"
SKIP: Final = "skip"
APPEND: Final = "append"
DELETE: Final = "delete"
ACTIONS: Final = (OVERRIDE, SKIP, APPEND, DELETE)


@frozen(kw_only=True)
class Setting:
    name: Value[str]
    action: Value[str]
    values: tuple[Value[str], ...]


def after(action: str, existing: tuple[str, ...], given: tuple[str, ...]) -> tuple[str, ...]:
    """The values that it leaves."""
    match action:
        case "delete":
            return ()
        case "skip" if existing:
            return existing
        case "append":
            return (*existing, *given)
        case _:
            return given


def read_values(reading: Reading, values: tuple[Value[str], ...], action: Value[str]) -> None:
    """Only what is deleted goes without a value."""
    if not values and action != Constant(DELETE) and not any(reading.children("value")):
        what = f"<{reading.element.name}> has no <value>."
        reading.fault(reading.element.place, what, 'add <value>…</value>, or write exists-action="delete".')
