"""`exists-action`: what becomes of a value that is there already.  Gateway reference section 9."""

from collections.abc import Callable
from typing import Final

from attrs import frozen

from entrada.core.gateway.elements.reading import Reading
from entrada.core.gateway.elements.shape import Attribute
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


def seen(name: str, existing: tuple[str, ...]) -> str:
    """In words, for the trace."""
    many = "" if len(existing) < 2 else f", {len(existing)} times"
    return f"{name}{many}" if existing else f"no {name}"


ACTION: Final = Attribute(
    name="exists-action", what="what becomes of a value that is there already", values=ACTIONS, default=OVERRIDE
)


def read_setting(reading: Reading, name: Value[str], convert: Callable[[object], str]) -> Setting:
    """An empty value is one; only what is deleted goes without any."""
    action = reading.one_of("exists-action", ACTIONS, OVERRIDE)
    found = list[Value[str]]()
    listed = list(reading.children("value"))
    for one in listed:
        value = one.content(convert)
        if value is not None or not one.element.text.value:
            found.append(value or Constant(""))
        one.done()
    if not listed and action != Constant(DELETE):
        what = f"<{reading.element.name}> has no <value>."
        reading.fault(reading.element.place, what, 'add <value>…</value>, or write exists-action="delete".')
    return Setting(name=name, action=action, values=tuple(found))
