"""What the application's log is told: one line each for whom was not let in, by the standard `logging`.

No token, code, state or name; of the authority's words those that a log is searched for: anybody may have written the
rest into the address of our callback.
"""

import logging
import re
from typing import Final

from entrada.client.errors import AuthorityRefused, EntradaError, OAuthError
from entrada.client.grants.refusal import words
from entrada.client.web_sign_in.exchange import Request
from entrada.client.web_sign_in.outcome import Refused, Why

_LOG: Final = logging.getLogger("entrada.web_sign_in")
_EVERYDAY: Final = frozenset({Why.NOT_BEGUN_HERE, Why.AUTHORITY_REFUSED})  # an old page, a person who said no
_OUR_WORDS: Final = frozenset({Why.BAD_ID_TOKEN, Why.NOT_TOKENS})  # what tells more about these is ours
_WORD: Final = re.compile(r"[0-9A-Za-z._-]{1,64}")


def not_signed_in(refused: Refused, request: Request) -> None:
    more = words(refused.detail) if refused.why in _OUR_WORDS else ""
    level = logging.INFO if refused.why in _EVERYDAY else logging.WARNING
    _LOG.log(level, "not signed in: %s", " ".join(filter(None, (refused.why, more, *_facts(refused.said, request)))))


def not_signed_out(why: str, request: Request) -> None:
    _LOG.warning("logout token refused: %s", " ".join((words(why), *_facts(None, request))))


def failed(failure: EntradaError, request: Request) -> None:
    said = failure.said if isinstance(failure, AuthorityRefused) else None
    more = words(failure.message) if said is None else ""
    _LOG.warning("%s", " ".join(filter(None, (f"{type(failure).__name__}:", more, *_facts(said, request)))))


def _facts(said: OAuthError | None, request: Request) -> list[str]:
    told = {"from": words(request.client_address)}
    if said is not None:
        told |= {
            "error": said.error if _WORD.fullmatch(said.error) else "",
            "AADSTS": str(said.aadsts or ""),
            "trace_id": said.trace_id or "",
            "correlation_id": said.correlation_id or "",
        }
    return [f"{name}={value}" for name, value in told.items() if value]
