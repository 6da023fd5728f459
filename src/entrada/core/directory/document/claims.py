"""Which claims a registration asks for, in the file.  Graph: optionalClaims, groupMembershipClaims; section 32."""

import re
from typing import Final

from entrada.core.directory.document.fault import FaultFound
from entrada.core.directory.document.fields import Fields
from entrada.core.directory.document.plain_tree import Plain, members, texts
from entrada.core.directory.document.scalars import boolean, matching, text
from entrada.core.directory.document.tree import Node
from entrada.core.directory.optional_claims import OptionalClaim, OptionalClaims

GROUPS: Final = ("SecurityGroup", "DirectoryRole", "ApplicationGroup", "All")
_claim_name = matching(re.compile(r"[!-~]{1,120}"), "a claim's name: letters, digits and punctuation")


def read_optional_claims(node: Node) -> OptionalClaims:
    fields = Fields(node, "optionalClaims")
    found = OptionalClaims(
        id_token=_without_doubles(fields, "idToken"), access_token=_without_doubles(fields, "accessToken")
    )
    fields.finish()
    return found


def _without_doubles(fields: Fields, token: str) -> tuple[OptionalClaim, ...]:
    at, claims = fields.position_of(token), fields.every(token, _claim)
    names = [claim.name for claim in claims]
    if doubled := next((name for name in names if names.count(name) > 1), None):
        raise FaultFound(at, f"The claim {doubled!r} is listed twice.")
    return claims


def _claim(node: Node) -> OptionalClaim:
    fields = Fields(node, "An optional claim")
    at = fields.position_of("source")
    if fields.optional("source", text):  # Graph writes `source: null` for all but directory extensions
        raise FaultFound(at, "There are no directory extensions here: leave out source.")
    claim = OptionalClaim(
        name=fields.required("name", _claim_name),
        essential=fields.given("essential", boolean, default=False),
        additional_properties=fields.every("additionalProperties", text),
    )
    fields.finish()
    return claim


def write_optional_claims(asked: OptionalClaims) -> Plain:
    return members(
        idToken=[_written(claim) for claim in asked.id_token],
        accessToken=[_written(claim) for claim in asked.access_token],
    )


def _written(claim: OptionalClaim) -> Plain:
    return members(
        name=claim.name,
        essential=claim.essential or None,
        additionalProperties=texts(claim.additional_properties),
    )


def read_group_membership_claims(node: Node) -> frozenset[str]:
    """One word or several with commas between them, as in Graph; None for none."""
    words = [word.strip() for word in text(node).split(",")]
    if words == ["None"]:
        return frozenset()
    if unknown := next((word for word in words if word not in GROUPS), None):
        raise FaultFound(node.at, f"{unknown!r} is no kind of group: None, or some of {', '.join(GROUPS)}.")
    if "" in words:
        raise FaultFound(node.at, f"A kind of group is missing beside a comma. Known: {', '.join(GROUPS)}.")
    return frozenset(words)


def written_group_membership_claims(asked: frozenset[str]) -> str | None:
    return ",".join(sorted(asked)) or None
