"""What an authority answers: tokens, or words why there are none.  RFC 6749 §4.1.2.1, §5.1, §5.2."""

from collections.abc import Mapping
from typing import Final

from entrada.client.flow import Reply
from entrada.client.tokens import AccessToken, Tokens
from entrada.client.web_sign_in.outcome import Refused, Why
from entrada.core.jose.numeric_date import NumericDate

_LONGEST_WORDS: Final = 1000  # of an error, which ends up in a log


def read_tokens(reply: Reply, now: NumericDate, *, asked: tuple[str, ...]) -> Tokens | Refused:
    """Nothing of them verified.  Without a word of their scopes they are for those that were *asked* (§5.1)."""
    try:
        members = reply.members()
    except ValueError:
        return Refused(why=Why.NOT_TOKENS, detail=f"status {reply.status}")
    if reply.status != 200:
        return refused(Why.CODE_REFUSED, members)
    match members:
        case {"id_token": str(id_token), "access_token": str(access_token), "token_type": str(kind)}:
            if kind.lower() != "bearer":
                return Refused(why=Why.NOT_TOKENS, detail="another token_type than Bearer")
        case _:
            return Refused(why=Why.NOT_TOKENS, detail="no id_token, access_token or token_type")
    refresh_token, scope, expires_in = (members.get(name) for name in ("refresh_token", "scope", "expires_in"))
    access = AccessToken(
        value=access_token,
        scopes=frozenset(scope.split() if isinstance(scope, str) else asked),
        expires_at=NumericDate(now + (expires_in if isinstance(expires_in, int) else 0)),
    )
    return Tokens(
        access=access,
        refresh_token=refresh_token if isinstance(refresh_token, str) else None,
        id_token=id_token,
    )


def refused(why: Why, members: Mapping[str, object]) -> Refused:
    return Refused(why=why, error=_words(members.get("error")), detail=_words(members.get("error_description")))


def _words(said: object) -> str | None:
    """On one line, and nothing that a terminal or a log would take for more than words.

    Anybody may have written them: into a link to our redirect URI, for one.
    """
    text = said[:_LONGEST_WORDS] if isinstance(said, str) else ""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split()) or None
