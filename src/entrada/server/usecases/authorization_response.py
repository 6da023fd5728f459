"""What an application gets for its authorization request: a code, an ID token, or both.  Reference sections 11 and 12.

Nothing is stored: the code is sealed, and the family it will open is named in it.
"""

from entrada.core.directory.ids import FamilyId
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol import lifetimes
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.code import pack_code
from entrada.core.protocol.authorize.request import AuthorizeRequest
from entrada.core.protocol.grants.authorization_code import redirect_digest
from entrada.core.protocol.grants.code_payload import CodePayload
from entrada.core.protocol.response_mode import Reply
from entrada.core.protocol.sign_in.account import Account
from entrada.core.protocol.tokens.lifetime import LONGEST_ACCESS_TOKEN
from entrada.core.protocol.tokens.optional_claims import answerable
from entrada.core.protocol.tokens.response import client_info
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.sign_tokens import sign_id_token


async def respond(here: Installation, request: AuthorizeRequest, account: Account) -> Reply | Refusal:
    fields: list[tuple[str, str]] = []
    code = _sealed_code(here, request, account) if "code" in request.response_type else None
    if code is not None and len(code) > purposes.MAX_CODE:
        return Refusal(why.TOO_LONG, {"fault": "scope and nonce do not fit into a code"})
    if code is not None:
        fields.append(("code", code))
    if "id_token" in request.response_type:
        fields.append(("id_token", await sign_id_token(here, request, account, code=code)))
    if request.client_info:
        fields.append(("client_info", client_info(account.user)))
    if request.state is not None:
        fields.append(("state", request.state))
    fields.append(("session_state", account.session.id))
    return Reply(request.redirect_uri, request.mode, fields)


def _sealed_code(here: Installation, request: AuthorizeRequest, account: Account) -> str:
    payload = pack_code(_code(here, request, account))
    return here.seal(payload, purpose=purposes.CODE, tenant=account.user.tenant_id)


def _code(here: Installation, request: AuthorizeRequest, account: Account) -> CodePayload:
    now = here.clock()
    ends_at = lifetimes.family_end(
        now,
        request.platform,
        offline="offline_access" in request.scopes.oidc,
        access_token=LONGEST_ACCESS_TOKEN,
    )
    return CodePayload(
        tenant_id=account.user.tenant_id,
        id=FamilyId(here.new_id()),
        client_id=request.client.app_id,
        user_id=account.user.id,
        issued_in=account.member.tenant_id,
        session_id=account.session.id,
        platform=request.platform,
        scope=request.scopes.text,
        redirect_digest=redirect_digest(request.redirect_uri if request.redirect_uri_sent else None),
        challenge=request.challenge,
        nonce=request.nonce,
        authenticated_at=account.session.authenticated_at,
        with_auth_time=request.max_age is not None,
        methods=account.session.methods,
        issued_at=now,
        family_ends_at=ends_at,
        claims=answerable(request.claims),
    )
