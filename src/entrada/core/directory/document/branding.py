"""A tenant's looks in the file.  Graph: organizationalBranding; the logo as base64."""

from base64 import b64decode, b64encode

from entrada.core.directory.branding_rules import accent_fault, logo_fault, sign_in_text_fault
from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields
from entrada.core.directory.document.plain_tree import Plain, members
from entrada.core.directory.document.scalars import paragraphs, text
from entrada.core.directory.document.tree import Node
from entrada.core.directory.tenant import Branding


def read_branding(node: Node) -> Branding:
    fields = Fields(node, "branding")
    branding = Branding(
        accent=fields.optional("accent", _accent),
        logo=fields.optional("logo", _logo),
        sign_in_text=fields.optional("signInText", _sign_in_text),
    )
    fields.finish()
    return branding


def write_branding(branding: Branding) -> Plain:
    return members(
        accent=branding.accent,
        logo=b64encode(branding.logo).decode() if branding.logo else None,
        signInText=branding.sign_in_text,
    )


def _accent(node: Node) -> str:
    return _without(accent_fault(said := text(node)), said, node)


def _sign_in_text(node: Node) -> str:
    return _without(sign_in_text_fault(said := paragraphs(node)), said, node)


def _logo(node: Node) -> bytes:
    try:
        logo = b64decode("".join(paragraphs(node).split()), validate=True)
    except ValueError:
        raise FaultFound(node.at, "A logo is written as base64.") from None
    if fault := logo_fault(logo):
        raise FaultFound(node.at, fault)
    return logo


def _without(fault: str | None, said: str, node: Node) -> str:
    if fault:
        raise FaultFound(node.at, fault)
    return said
