"""The keys that sign tokens: which there are, and the next one's turn."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.server.usecases.administer.keys import list_keys, rotate_signing_keys
from entrada.server.usecases.audited_rotation import KeyState
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.signed_in.form import Form

PATH: Final = "/portal/keys"
_AT: Final = "keys"
_TONES: Final = {KeyState.SIGNING: "good", KeyState.NEXT: "", KeyState.RETIRED: "warn"}


async def show(visitor: Visitor) -> Response:
    return await _shown(visitor)


async def ask_to_rotate(visitor: Visitor) -> Response:
    refused = may(visitor.actor, Operation.ROTATE_KEYS)
    if refused is not None:
        return problem_page(visitor, refused, at=_AT, crumbs=(("Signing keys", PATH),))
    return page(
        visitor,
        "portal/confirm.html",
        title="Rotate the signing keys?",
        at=_AT,
        crumbs=(("Signing keys", PATH),),
        question="The next key signs from now on, for every tenant of this installation.",
        consequences=[
            "Tokens that were signed before stay good until they expire: the old key stays published for as long.",
            "A verifier that keeps keys longer than a day, or has one key written down, refuses new tokens.",
        ],
        label="Rotate the keys",
        action=f"{PATH}/rotate",
        cancel=PATH,
        fields={},
    )


async def rotate(visitor: Visitor, _form: Form) -> Response:
    rotated = await rotate_signing_keys(visitor.here, visitor.actor)
    if isinstance(rotated, Problem):
        return await _shown(visitor, rotated)
    return done(visitor, PATH, f"Key {rotated.sequence} signs now.")


async def _shown(visitor: Visitor, problem: Problem | None = None) -> Response:
    keys = await list_keys(visitor.here, visitor.actor)
    if isinstance(keys, Problem):
        return problem_page(visitor, keys, at=_AT)
    following = next((one for one in keys if one.state is KeyState.NEXT), None)
    return page(
        visitor,
        "portal/settings/keys.html",
        title="Signing keys",
        at=_AT,
        problem=problem,
        keys=[(one, str(one.state), _TONES[one.state]) for one in reversed(keys)],
        following=following,
        ready=following is not None and following.may_sign_from <= visitor.here.clock(),
        may_rotate=visitor.may(Operation.ROTATE_KEYS),
        jwks_uri=f"{visitor.here.origin}/{visitor.tenant.id}/discovery/v2.0/keys",
    )
