"""Sign people in to a web application by the authorization code flow.  OpenID Connect Core 1.0, section 3.1.

Free of any framework: what is read from a request and written to a response are plain values.

    begun = drive(sign_in.begin(return_to="/reports", now=now, entropy=entropy), send)
        redirect to `begun.url`; set `cookies.to_add(begun.transaction, sent)`
    outcome = drive(sign_in.finish(query, cookies.find(sent, query), now=now, entropy=entropy), send)
        a `SignedIn`: open a session, drop the cookie, go to `outcome.return_to`; a `Refused`: say why

An ID token is verified completely, always: signature, issuer, audience, times, nonce, hashes.  No switch turns it off.
"""

from entrada.client.discovery.provider import Provider
from entrada.client.errors import BadMetadata
from entrada.client.tokens import Tokens
from entrada.client.web_sign_in.cookies import SetCookie, TransactionCookies
from entrada.client.web_sign_in.outcome import Refused, SignedIn, Why
from entrada.client.web_sign_in.return_to import safe_return_to
from entrada.client.web_sign_in.sign_in import Asked, Begun, SignIn
from entrada.client.web_sign_in.transaction import Transaction
from entrada.client.web_sign_in.web_app import ResponseMode, WebApp

__all__ = [
    "Asked",
    "BadMetadata",
    "Begun",
    "Provider",
    "Refused",
    "ResponseMode",
    "SetCookie",
    "SignIn",
    "SignedIn",
    "Tokens",
    "Transaction",
    "TransactionCookies",
    "WebApp",
    "Why",
    "safe_return_to",
]
