"""The reference of policies, from what each element says of itself."""

from collections.abc import Iterable

from entrada.core.gateway.elements.kind import ALL_SCOPES, ALL_SECTIONS, Kind
from entrada.core.gateway.elements.refused import REFUSED
from entrada.core.gateway.elements.register import KINDS
from entrada.core.gateway.elements.shape import Attribute, Shape


def policies() -> str:
    return "\n\n".join([*(_policy(KINDS[name]) for name in sorted(KINDS)), _refused()])


def _policy(kind: Kind) -> str:
    what = kind.shape.what
    parts = [f"## {kind.name}", f"{what[0].upper()}{what[1:]}.", _where(kind)]
    parts += [_element(shape, path) for shape, path in _walk(kind.shape, "")]
    if kind.differs:
        parts.append("What differs from Azure:\n\n" + "\n".join(f"- {one}" for one in kind.differs))
    return "\n\n".join(part for part in parts if part)


def _where(kind: Kind) -> str:
    sections = "every section" if kind.sections == ALL_SECTIONS else " and ".join(f"`{one}`" for one in kind.sections)
    scopes = "every scope" if kind.scopes == ALL_SCOPES else " and ".join(kind.scopes)
    return f"Stands in {sections}, at {scopes}{', once in a section' if kind.once else ''}."


def _walk(shape: Shape, above: str) -> Iterable[tuple[Shape, str]]:
    path = f"{above}{shape.name}"
    yield shape, path
    for one in shape.children:
        # It has a heading of its own where it is a policy too, and needs none where it is a text.
        if one.name not in KINDS and (one.attributes or one.children or one.lacking or one.holds_policies):
            yield from _walk(one, f"{path} / ")


def _element(shape: Shape, path: str) -> str:
    rows = [*(_attribute(one) for one in shape.attributes), *_text(shape), *(_child(one) for one in shape.children)]
    rows += [(f"`{one.name}`", f"refused: {one.what} Instead: {one.instead}", "", "") for one in shape.lacking]
    if not rows:
        return ""
    heading = "" if path == shape.name else f"`{path}`, {shape.what}:"
    return "\n\n".join(one for one in (heading, _table(rows)) if one)


def _attribute(one: Attribute) -> tuple[str, ...]:
    values = " ".join(f"`{value}`" for value in one.values) or ("no expression" if one.is_literal else "any")
    default = "needed" if one.required else f"`{one.default}`" if one.default else ""
    return f"`{one.name}`", one.what, values, default


def _text(shape: Shape) -> Iterable[tuple[str, ...]]:
    if shape.text:
        yield "(text)", shape.text, "", ""
    if shape.holds_policies:
        yield "(policies)", "any that may stand in the section", "", ""


def _child(one: Shape) -> tuple[str, ...]:
    often = f"{'several' if one.repeats else 'one'}{f': {one.text}' if one.text else ''}"
    return f"`<{one.name}>`", one.what, often, "needed" if one.required else ""


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    lines = [("", "what it says", "values", "without it"), ("---",) * 4, *rows]
    return "\n".join("| " + " | ".join(one.replace("|", "\\|") for one in line) + " |" for line in lines)


def _refused() -> str:
    rows = "\n".join(f"| `{name}` | {why} | {instead} |" for name, (why, instead) in sorted(REFUSED.items()))
    heading = "## Refused\n\nA document that names one of these is refused when it is saved."
    return f"{heading}\n\n| policy | why | instead |\n| --- | --- | --- |\n{rows}"
