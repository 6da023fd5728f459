"""The step that `validate-jwt` and `validate-azure-ad-token` share: find the token, check it, keep what it says."""

from attrs import frozen

from entrada.core.gateway.elements.outcome import Outcome
from entrada.core.gateway.elements.token_failure import Failing
from entrada.core.gateway.elements.token_source import TokenSource
from entrada.core.gateway.expressions.jwt import jwt_of
from entrada.core.gateway.passage import Passage
from entrada.core.gateway.tokens.refused import TokenRefused
from entrada.core.gateway.tokens.validate import Rules, ValidToken, validate


@frozen(kw_only=True)
class TokenCheck:
    element: str
    source: TokenSource
    failing: Failing
    variable: str | None

    def perform(self, passage: Passage, rules: Rules) -> Outcome:
        found = self.source.find(passage)
        if isinstance(found, TokenRefused):
            return self.failing.of(self.element, found, passage)
        passage.hide(found)
        checked = validate(found, rules, passage.facts.now)
        if isinstance(checked, TokenRefused):
            return self.failing.of(self.element, checked, passage)
        passage.claims = checked.claims
        self._keep(checked, passage)
        return None

    def _keep(self, token: ValidToken, passage: Passage) -> None:
        if self.variable is None and not passage.facts.is_traced:
            return
        jwt = jwt_of(token.header, token.claims)
        if self.variable is not None:
            passage.variables[self.variable] = jwt
        if passage.facts.is_traced:
            kept = "" if self.variable is None else f", and kept as {self.variable}"
            passage.note(
                f"a token of {jwt.issuer or 'no issuer'} for {', '.join(jwt.audiences) or 'no audience'}, "
                f"signed with {jwt.algorithm}",
                f"let in: signature, time and what else is asked of it hold{kept}",
            )
