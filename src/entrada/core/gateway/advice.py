"""What a policy document may say, and probably should not: warnings on save and on check.  Gateway reference 2.4, 18.1.

They are about what would run, so a document with faults has none.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address
from itertools import chain
from typing import Final
from urllib.parse import SplitResult, urlsplit

from attrs import frozen

from entrada.core.gateway.document.element import Element
from entrada.core.gateway.document.fault import Fault, Faults, in_order
from entrada.core.gateway.document.policies import BASE, Section
from entrada.core.gateway.elements.kind import BACKEND, GLOBAL, INBOUND
from entrada.core.gateway.policy_document import Document

_VALIDATES: Final = ("validate-jwt", "validate-azure-ad-token")
_REFUSES: Final = (*_VALIDATES, "check-header", "ip-filter", "rate-limit", "rate-limit-by-key", "choose")
_ENDS: Final = ("return-response", "mock-response")
_ANY_TENANT: Final = ("common", "organizations", "consumers")
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
_DISCOVERY: Final = "/.well-known/openid-configuration"
_INSIDE: Final = (".internal", ".local", ".lan", ".corp", ".intranet")
_EXPRESSION: Final = re.compile(r"@\((?:[^)]*\bcontext\b|\s*\")|@\{[^}]*\breturn\b")  # and no address of mail
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


@frozen(kw_only=True)
class Surroundings:
    """What is known beside the document; the defaults warn of nothing that depends on it."""

    authority: str = ""  # entrada's own origin
    has_subscriptions: bool = True  # without, callers need no key


def about(document: Document, surroundings: Surroundings) -> Faults:
    """*document* has no faults."""
    sections = (_of_section(one, surroundings) for one in document.policies.sections)
    return in_order((*_of_base(document), *chain.from_iterable(sections)))


def _of_section(section: Section, surroundings: Surroundings) -> Iterator[Fault]:
    yield from _of_order(section.statements)
    for element in chain.from_iterable(one.walk() for one in section.statements):
        yield from _of_texts(element)
        if element.name in _VALIDATES:
            yield from _of_validation(element, surroundings)
        if element.name == "choose":
            yield from _of_branches(element, section)
        if element.name in ("when", "otherwise"):
            yield from _of_order(element.children)
            yield from _of_nested_cors(element)
        if element.name == "rate-limit" and not surroundings.has_subscriptions:
            what = (
                "It counts by subscription, and these calls need no subscription key: whoever has none is not limited."
            )
            yield Fault(element.place, what, "ask for subscriptions, or use rate-limit-by-key.")


def _of_texts(element: Element) -> Iterator[Fault]:
    """Azure evaluates what is an expression as a whole, and leaves all other text as it stands."""
    for text in (element.text, *(one.text for one in element.attributes)):
        if not text.is_expression and _EXPRESSION.search(text.shown):
            what = "The expression stands within other text, so it is not evaluated: callers or backends get its words."
            yield Fault(text.place, what, 'make all of it one expression: @("…" + …).')


# ---- the outline ---------------------------------------------------------------------------------------------------


def _of_base(document: Document) -> Iterator[Fault]:
    """A section that is left out inherits all; one that stands there without <base />, nothing."""
    inbound, backend = document.policies.section(INBOUND), document.policies.section(BACKEND)
    if document.scope != GLOBAL and inbound is not None and not _holds(inbound, BASE):
        what = (
            "Without <base /> in <inbound> nothing that the wider scopes demand holds here, checks of tokens included."
        )
        yield Fault(inbound.place, what, "put <base /> first, unless you want that.")
    if backend is None:
        return
    asks = any(one.name == "forward-request" for top in backend.statements for one in top.walk())
    inherits = document.scope != GLOBAL and _holds(backend, BASE)
    if not (asks or inherits or any(_holds(inbound, one) for one in _ENDS)):
        what = "Nothing in <backend> asks the backend, so callers get an empty answer."
        instead = (
            "put <forward-request /> in." if document.scope == GLOBAL else "put <base /> or <forward-request /> in."
        )
        yield Fault(backend.place, what, instead)


def _holds(section: Section | None, name: str) -> bool:
    return section is not None and any(one.name == name for one in section.statements)


def _of_order(statements: tuple[Element, ...]) -> Iterator[Fault]:
    earlier: Element | None = None
    for number, element in enumerate(statements):
        if element.name == "cors" and earlier is not None:
            what = f"<cors> stands behind <{earlier.name}>, where Azure lets that refuse first, without CORS headers."
            yield Fault(element.place, what, "put <cors> first: pages then see why they are refused.")
        if element.name in _REFUSES and earlier is None:
            earlier = element
        if element.name in _ENDS and number + 1 < len(statements):
            following = statements[number + 1]
            what = f"<{element.name}> answers before this, so it is never reached."
            yield Fault(following.place, what, f"put it in front of <{element.name}>, or leave it out.")


def _of_nested_cors(branch: Element) -> Iterator[Fault]:
    for one in branch.children:
        if one.name == "cors":
            what = "Browsers' preflights are answered by <cors> directly in <inbound> alone: no condition is evaluated."
            yield Fault(one.place, what, "move it to the start of <inbound>.")


def _of_branches(choose: Element, section: Section) -> Iterator[Fault]:
    checked = [one for branch in choose.children for one in branch.children if one.name in _VALIDATES]
    has_otherwise = any(one.name == "otherwise" for one in choose.children)
    if checked and not has_otherwise and not any(one.name in _VALIDATES for one in section.statements):
        what = "A request for which no condition holds goes on without a check of its token."
        yield Fault(choose.place, what, "add <otherwise> with a check, or with return-response.")


# ---- tokens --------------------------------------------------------------------------------------------------------


def _of_validation(element: Element, surroundings: Surroundings) -> Iterator[Fault]:
    yield from _of_claims(element)
    yield from _of_source(element)
    if element.name == "validate-jwt":
        yield from _of_audiences(element)
        yield from _of_documents(element, surroundings)
        yield from _of_lifetime(element)
        yield from _of_keys(element)


def _of_claims(element: Element) -> Iterator[Fault]:
    for claim in _below(element, "required-claims", "claim"):
        if _says(claim, "name") == "scp" and claim.attribute("separator") is None and claim.children:
            what = "Tokens say all their scopes in one text, so this holds only for those that have exactly one."
            yield Fault(claim.place, what, 'add separator=" " to <claim name="scp">.')


def _of_source(element: Element) -> Iterator[Fault]:
    query = element.attribute("query-parameter-name")
    if query is not None:
        what = "Addresses are kept in logs and histories, and a token in one with them."
        yield Fault(query.place, what, 'let callers send it in a header: header-name="Authorization".')


def _of_audiences(element: Element) -> Iterator[Fault]:
    audiences = _below(element, "audiences", "audience")
    if not audiences:
        what = "No audience is asked for, so tokens for any other API of the same issuer are let in."
        instead = "add <audiences> with the API's application (client) id and its identifier URI."
        yield Fault(element.place, what, instead)
    said = {one.text.value for one in audiences}
    for one in audiences:
        bare = one.text.value.removeprefix("api://")
        other = f"api://{bare}" if bare == one.text.value else bare
        if _GUID.fullmatch(bare) and other not in said and not (said - {one.text.value}):
            what = "Tokens of version 1 say api://… as their audience, those of version 2 the id alone."
            yield Fault(one.place, what, f"list {other} too, unless the API's registration fixes the version.")


def _of_documents(element: Element, surroundings: Surroundings) -> Iterator[Fault]:
    issues_by_claim = any(_says(one, "name") == "tid" for one in _below(element, "required-claims", "claim"))
    foreign = None
    for document in (one for one in element.children if one.name == "openid-config"):
        url = urlsplit(_says(document, "url"))
        if url.path.strip("/").partition("/")[0] in _ANY_TENANT and not issues_by_claim:
            # <issuers> adds to what documents name (reference 2.2), so a list there would not narrow it.
            what = "This document is every tenant's, so tokens of every tenant are let in."
            yield Fault(document.place, what, 'name a tenant in the URL, or list tenants in <claim name="tid">.')
        yield from _of_address(document, url)
        is_own = f"{url.scheme}://{url.netloc}" == surroundings.authority or url.hostname in _LOCAL
        foreign = foreign or (None if is_own else document)
    skew = element.attribute("clock-skew")
    if foreign is not None and (skew is None or skew.value.strip() == "0"):
        what = "The issuer has a clock of its own, and clock-skew is 0: fresh tokens are refused now and then."
        yield Fault(element.place if skew is None else skew.place, what, 'write clock-skew="30", or 60.')


def _of_address(document: Element, url: SplitResult) -> Iterator[Fault]:
    """The policy is saved whether its document can be fetched or not: calls are refused with 500 until it can."""
    if not url.path.endswith(_DISCOVERY):
        what = "This is not the URL of a discovery document by its form, so no key may be found there."
        yield Fault(document.place, what, f"write the issuer, and {_DISCOVERY} behind it.")
    if url.scheme != "https" and url.hostname not in _LOCAL:
        what = "It is fetched without TLS: whoever stands in between can name keys of their own."
        yield Fault(document.place, what, "write https://.")
    if _is_private(url.hostname or ""):
        what = "The host looks like one of a private network, and the guarded way out asks none of those by itself."
        yield Fault(document.place, what, "name it in ENTRADA_EGRESS_ALLOW, or write a public one.")


def _is_private(host: str) -> bool:
    if host in _LOCAL:
        return False  # in development that is entrada itself
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_INSIDE)


def _of_lifetime(element: Element) -> Iterator[Fault]:
    required = element.attribute("require-expiration-time")
    if required is not None and required.value.strip().lower() == "false":
        what = "Tokens that never expire are let in: one that leaks opens the API for good."
        yield Fault(required.place, what, "leave require-expiration-time out.")


def _of_keys(element: Element) -> Iterator[Fault]:
    for key in _below(element, "issuer-signing-keys", "key"):
        text = key.text
        if text.value and not text.holds_secret and "BEGIN" not in text.value:
            what = "The secret stands in the document: whoever reads it can sign tokens."
            yield Fault(key.place, what, "put it into a secret named value: <key>{{name}}</key>.")


def _below(element: Element, name: str, item: str) -> list[Element]:
    return [one for listed in element.children if listed.name == name for one in listed.children if one.name == item]


def _says(element: Element, name: str) -> str:
    attribute = element.attribute(name)
    return "" if attribute is None else attribute.value
