"""Only a person can go on, and none can be asked here: said so that the next command may be copied from it."""

from entrada.cli.tokens.question import Question
from entrada.client.errors import InteractionRequired, OAuthError

_REQUIRED = OAuthError(error="interaction_required")


def nobody(question: Question) -> InteractionRequired:
    message = f"Nobody is signed in for {question.chosen.title} who could have this token"
    return InteractionRequired(message, _REQUIRED, scopes=question.scopes, advice=_advice(question))


def nobody_reads(question: Question) -> InteractionRequired:
    """A code that nobody sees is waited for in vain, by a job of the night for a quarter of an hour."""
    message = "Somebody must sign in, and no terminal here shows them a code"
    advice = f"{_advice(question)} (where somebody reads what this prints: --flow device-code)"
    return InteractionRequired(message, _REQUIRED, scopes=question.scopes, advice=advice)


def advised(need: InteractionRequired, question: Question) -> InteractionRequired:
    """What the authority said, with what to do about it here."""
    need.advice = _advice(question)
    return need


def _advice(question: Question) -> str:
    return f"Where somebody can sign in, run: {question.asked_by('get-token')}"
