"""Does prompt say something we can do?  OpenID Connect Core §3.1.2.1; reference section 14."""

from enum import StrEnum

from entrada.core.directory.ids import SessionId, parse_guid
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol.authorize.context import Context


class Prompt(StrEnum):
    NONE = "none"
    LOGIN = "login"
    CONSENT = "consent"
    SELECT_ACCOUNT = "select_account"
    CREATE = "create"  # no self-service sign-up here: the ordinary sign-in is shown


def parse_prompt(text: str | None) -> Prompt | None:
    """Raises ValueError for what `usable_prompt` refuses."""
    return Prompt(text) if text is not None else None


def usable_prompt(context: Context) -> Refusal | None:
    text = context.parameters.get("prompt")
    try:
        prompt = parse_prompt(text)
    except ValueError:
        return Refusal(why.BAD_REQUEST, {"fault": f"prompt '{text}' is not supported"})
    if prompt is Prompt.SELECT_ACCOUNT and context.parameters.get("login_hint"):
        return Refusal(why.HINT_WITH_SELECT)
    return None


def parse_session_id(text: str | None) -> SessionId | None:
    guid = parse_guid(text) if text is not None else None
    return SessionId(guid) if guid is not None else None


def usable_session_id(context: Context) -> Refusal | None:
    text = context.parameters.get("sid")
    return Refusal(why.INVALID_SESSION_ID) if text is not None and parse_guid(text) is None else None


def usable_max_age(context: Context) -> Refusal | None:
    text = context.parameters.get("max_age")
    if text is not None and not (text.isascii() and text.isdigit() and len(text) < 10):
        return Refusal(why.INVALID_PARAMETER, {"parameter": "max_age"})
    return None
