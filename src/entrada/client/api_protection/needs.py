"""What a route asks of its caller: scopes of those who act for a person, roles of applications and of people.

Scopes are for people alone: no application holds one for itself.  Where scopes and roles are both named, people are
judged by the scopes and applications by the roles; where only roles are named, everybody is judged by them.
"""

from typing import Final

from attrs import frozen

from entrada.client.api_protection.principal import Kind, Principal
from entrada.client.names import Names, are_held, words

__all__ = ["ANYBODY", "Names", "Needs", "needs"]


@frozen(kw_only=True)
class Needs:
    scopes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    any_of: bool = False  # one of the named is enough
    contexts: frozenset[str] = frozenset()  # authentication contexts, each of them

    def lacks(self, principal: Principal) -> str | None:
        """What is wrong, for the log; None: they may."""
        if principal.is_user and self.scopes:
            return _lacks("scope", self.scopes, principal.scopes, any_of=self.any_of)
        if self.roles:
            return _lacks("role", self.roles, principal.roles, any_of=self.any_of)
        if self.scopes and principal.kind is Kind.UNKNOWN:
            return "the token does not say whether a person calls; if one does, name person_claim in the settings"
        if self.scopes:
            return "the token is an application's own, and this needs a person"
        return None


ANYBODY: Final = Needs()


def needs(*, scopes: Names = (), roles: Names = (), any_of: bool = False, contexts: Names = ()) -> Needs:
    return Needs(scopes=words(scopes), roles=words(roles), any_of=any_of, contexts=words(contexts))


def _lacks(what: str, wanted: frozenset[str], held: frozenset[str], *, any_of: bool) -> str | None:
    if are_held(wanted, held, any_of=any_of):
        return None
    missing = (" or " if any_of else " and ").join(sorted(wanted - held))
    return f"the token lacks the {what} {missing}; it has {', '.join(sorted(held)) or 'none'}"
