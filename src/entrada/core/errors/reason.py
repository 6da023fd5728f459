"""What a refusal is: a value with an AADSTS number, the OAuth error, words, and what to change."""

from collections.abc import Mapping

from attrs import field, frozen


@frozen(kw_only=True)
class Reason:
    """One row of the catalogue.  *text* and *advice* may name facts in braces; a refusal supplies them."""

    code: int  # AADSTS number
    name: str  # Entra's symbolic name, or ours where Entra publishes none
    error: str  # RFC 6749 §4.1.2.1 and §5.2
    status: int = 400  # at the token endpoint
    text: str
    advice: str  # what the reader can change
    suberror: str | None = None

    @property
    def aadsts(self) -> str:
        return f"AADSTS{self.code}"


@frozen
class Refusal:
    """The protocol working as designed: returned, never raised."""

    reason: Reason
    facts: Mapping[str, str] = field(factory=dict[str, str])
    claims: str | None = None  # the challenge, as JSON, that a client sends along when it asks again
    weighed: Mapping[str, str] = field(factory=dict[str, str], eq=False)  # for the log alone: no answer shows it

    @property
    def text(self) -> str:
        return self.reason.text.format_map(_Facts(self.facts))

    @property
    def advice(self) -> str:
        return self.reason.advice.format_map(_Facts(self.facts))


class _Facts(dict[str, str]):
    """A fact nobody gathered is left out of the sentence rather than failing the refusal."""

    def __missing__(self, key: str) -> str:
        return "(not known)"
