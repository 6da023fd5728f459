"""Begin a sign-in, finish it, end it.  OpenID Connect Core 1.0 §3.1; RFC 6749 §4.1; RFC 7636; RFC 9207."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Final, cast
from urllib.parse import quote, urlencode

from attrs import Factory, define, evolve, field, frozen

from entrada.client.authority import Shape
from entrada.client.discovery.provider import Provider
from entrada.client.errors import AuthorityRefused, BadAnswer, BadSettings, OAuthError, TokenRejected
from entrada.client.flow import Flow
from entrada.client.grants import identity
from entrada.client.grants.client_authentication import Entropy
from entrada.client.grants.code_redemption import Redemption, redeem_code
from entrada.client.grants.refusal import said
from entrada.client.grants.registration import Registration
from entrada.client.tokens import Account, Tokens
from entrada.client.web_sign_in.outcome import Refused, SignedIn, Why
from entrada.client.web_sign_in.return_to import safe_return_to
from entrada.client.web_sign_in.transaction import Transaction
from entrada.client.web_sign_in.web_app import WebApp
from entrada.core.jose import base64url
from entrada.core.jose.numeric_date import NumericDate, Seconds

_SECRET_BYTES: Final = 32
_TRACE: Final = re.compile(r"\bTrace ID: ([0-9A-Za-z-]{1,64})")
_CORRELATION: Final = re.compile(r"\bCorrelation ID: ([0-9A-Za-z-]{1,64})")


@frozen(kw_only=True)
class Asked:
    """What a sign-in asks for beyond who it is."""

    scopes: tuple[str, ...] = ()  # beside those of the application
    prompt: str | None = None
    login_hint: str | None = None
    domain_hint: str | None = None
    claims: str | None = None  # JSON: of a claims challenge
    acr_values: str | None = None
    max_age: Seconds | None = None
    needs: tuple[str, ...] = ()  # what it is for, as `tried` names it


@frozen
class Begun:
    """Redirect to *url*, and keep *transaction* in a cookie of this browser."""

    url: str = field(repr=False)
    transaction: Transaction


@define
class SignIn:
    """One for the life of the application; several sign-ins may be under way."""

    app: WebApp
    # To ask for more tokens with; several sign-ins may share what it has fetched.
    registration: Registration = field(default=Factory(lambda self: _registration(self.app), takes_self=True))

    @property
    def provider(self) -> Provider:
        return self.registration.provider

    def begin(
        self, *, return_to: str | None, now: NumericDate, entropy: Entropy, asked: Asked | None = None
    ) -> Flow[Begun]:
        """Raises BadMetadata and Unreachable, and BadSettings for a response mode that the authority does not know."""
        asked = asked or Asked()
        metadata = yield from self.provider.metadata(now)
        if self.app.response_mode not in metadata.response_modes:
            raise BadSettings(f"{self.app.authority} knows no {self.app.response_mode} as response mode")
        state, nonce, verifier = (base64url.encode(entropy(_SECRET_BYTES)) for _ in range(3))
        transaction = Transaction(
            state=state,
            nonce=nonce,
            code_verifier=verifier,
            return_to=safe_return_to(return_to),
            started_at=now,
            max_age=asked.max_age,
            scope=" ".join(asked.scopes),
            needs=asked.needs,
        )
        query = urlencode(self._query(transaction, asked), quote_via=quote)
        return Begun(_with_query(metadata.authorization_endpoint, query), transaction)

    def finish(
        self, parameters: Mapping[str, str], transaction: Transaction | None, *, now: NumericDate, entropy: Entropy
    ) -> Flow[SignedIn | Refused]:
        """*parameters* of the answer at the redirect URI; *transaction* as this browser's cookie holds it, if any.

        Of the query, or of the posted form where `WebApp.response_mode` says so.  Raises BadMetadata, Unreachable, and
        BadCredential.
        """
        if transaction is None:
            return Refused(why=Why.NOT_BEGUN_HERE)
        code = _code(parameters, transaction, now)
        if isinstance(code, Refused):
            return code
        metadata = yield from self.provider.metadata(now)
        named = parameters.get("iss")
        if metadata.names_itself if named is None else not metadata.issuer.includes(named):
            return Refused(why=Why.ANOTHER_ISSUER)  # before the code goes where it does not belong (RFC 9207 §2.4)
        try:
            wanted = self._redemption(code, transaction)
            tokens = yield from redeem_code(self.registration, wanted, now=now, entropy=entropy)
        except AuthorityRefused as error:
            return _refused(Why.CODE_REFUSED, error.said)
        except BadAnswer as error:
            return Refused(why=Why.NOT_TOKENS, detail=error.message)
        except TokenRejected as error:
            return Refused(why=Why.BAD_ID_TOKEN, detail=error.message)
        if named not in (None, tokens.claims["iss"]):
            return Refused(why=Why.ANOTHER_ISSUER)
        return _signed_in(tokens, transaction, self._session_state(parameters))

    def _session_state(self, parameters: Mapping[str, str]) -> str | None:
        """Entra says the `sid` in the answer, and as a claim only where that is asked for.

        Elsewhere the `session_state` of an answer is another thing: Session Management 1.0 §3.
        """
        return parameters.get("session_state") if self.app.authority.shape is Shape.ENTRA else None

    def end(
        self, *, return_to: str | None, now: NumericDate, id_token_hint: str | None = None, logout_hint: str = ""
    ) -> Flow[str | None]:
        """Where to send the person so that the authority signs them out too; None: it has no such page.

        *return_to*: a whole URL, registered as one of the application's redirect URIs.
        """
        metadata = yield from self.provider.metadata(now)
        if metadata.end_session_endpoint is None:
            return None
        asked = {
            "client_id": self.app.client_id,
            "post_logout_redirect_uri": return_to,
            "id_token_hint": id_token_hint,
            "logout_hint": logout_hint,
        }
        query = urlencode({name: value for name, value in asked.items() if value}, quote_via=quote)
        return _with_query(metadata.end_session_endpoint, query)

    def _query(self, transaction: Transaction, asked: Asked) -> dict[str, str]:
        digest = hashlib.sha256(transaction.code_verifier.encode()).digest()
        wanted = {
            "client_id": self.app.client_id,
            "response_type": "code",
            "response_mode": self.app.response_mode,
            "redirect_uri": self.app.redirect_uri,
            "scope": " ".join(self._scopes(transaction)),
            "state": transaction.state,
            "nonce": transaction.nonce,
            "code_challenge": base64url.encode(digest),
            "code_challenge_method": "S256",
            "prompt": asked.prompt,
            "login_hint": asked.login_hint,
            "domain_hint": asked.domain_hint,
            "claims": asked.claims,
            "acr_values": asked.acr_values,
            "max_age": None if asked.max_age is None else str(asked.max_age),
        }
        return {name: value for name, value in wanted.items() if value is not None}

    def _redemption(self, code: str, transaction: Transaction) -> Redemption:
        return Redemption(
            redirect_uri=self.app.redirect_uri,
            code_verifier=transaction.code_verifier,
            scopes=self._scopes(transaction),
            bound=identity.Asked(nonce=transaction.nonce, code=code, max_age=transaction.max_age),
        )

    def _scopes(self, transaction: Transaction) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.app.scopes, *transaction.scope.split())))


def _registration(app: WebApp) -> Registration:
    return Registration(
        provider=Provider(app.authority),
        client_id=app.client_id,
        credential=app.proof,
        allowed_tenants=app.allowed_tenants,
    )


def _with_query(endpoint: str, query: str) -> str:
    """An endpoint may have a query of its own, which stays: RFC 6749 §3.1."""
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{query}"


def _code(parameters: Mapping[str, str], transaction: Transaction, now: NumericDate) -> str | Refused:
    if transaction.is_over(now) or not _same(parameters.get("state"), transaction.state):
        return Refused(why=Why.NOT_BEGUN_HERE)
    if "error" in parameters:
        return _refused(Why.AUTHORITY_REFUSED, said(parameters))
    code = parameters.get("code")
    if not code or not code.isascii():  # RFC 6749, appendix A.11
        return Refused(why=Why.NO_CODE)
    return code


def _refused(why: Why, error: OAuthError) -> Refused:
    named = evolve(
        error,
        trace_id=error.trace_id or _in_words(_TRACE, error.description),
        correlation_id=error.correlation_id or _in_words(_CORRELATION, error.description),
    )
    return Refused(why=why, error=error.error, detail=error.description or None, said=named)


def _in_words(pattern: re.Pattern[str], description: str) -> str | None:
    """Entra ends its descriptions in these numbers; an answer in a redirect has no members of its own for them."""
    found = pattern.search(description)
    return found[1] if found else None


def _signed_in(tokens: Tokens, transaction: Transaction, session_state: str | None) -> SignedIn:
    claims = tokens.claims
    sid = claims.get("sid")
    account = cast("Account", tokens.account)  # there is one wherever there was an ID token
    return SignedIn(
        issuer=account.issuer,
        tenant_id=account.tenant_id,
        user_id=account.user_id,
        subject=str(claims["sub"]),
        name=account.name,
        username=account.username,
        session_id=sid if isinstance(sid, str) else None,
        session_state=session_state,
        return_to=transaction.return_to,
        claims=claims,
        tokens=tokens,
    )


def _same(sent: str | None, kept: str) -> bool:
    # What is no ASCII is no state of ours, and may be what no UTF-8 can carry.
    return sent is not None and sent.isascii() and hmac.compare_digest(sent.encode(), kept.encode())
