"""Does a claim hold what a policy asks for?  Compared as text, case and all.  Gateway reference section 2.2."""

from collections.abc import Iterable, Mapping

from attrs import frozen

from entrada.core.gateway.expressions.jwt import claim_values
from entrada.core.gateway.tokens.refused import TokenRefused, Why


@frozen(kw_only=True)
class RequiredClaim:
    """*values* empty: it must be there [unverified for Azure]."""

    name: str
    values: tuple[str, ...] = ()
    match_any: bool = False
    separator: str | None = None
    also: str | None = None  # another name of the same thing, where the token does not have the first

    def found(self, claims: Mapping[str, object]) -> tuple[str, ...]:
        values = values_of(claims, self.name, self.separator)
        return values_of(claims, self.also, self.separator) if self.also and not values else values

    def is_met(self, found: tuple[str, ...]) -> bool:
        wanted = (one in found for one in self.values)
        return not self.values or (any(wanted) if self.match_any else all(wanted))

    @property
    def asked(self) -> str:
        """In words, for the trace."""
        if not self.values:
            return f"the claim {self.name}"
        return f"{self.name} with {' or '.join(self.values) if self.match_any else ' and '.join(self.values)}"


def check(claims: Mapping[str, object], required: Iterable[RequiredClaim]) -> TokenRefused | None:
    wanted = tuple(required)
    found = tuple(one.found(claims) for one in wanted)
    missing = [one for one, values in zip(wanted, found, strict=True) if not values]
    if missing:
        return _missing(missing)
    wrong = ((one, values) for one, values in zip(wanted, found, strict=True) if not one.is_met(values))
    return next((_wrong(one, values) for one, values in wrong), None)


def values_of(claims: Mapping[str, object], name: str, separator: str | None = None) -> tuple[str, ...]:
    """An array is its values, a string with a separator its parts, everything else one text; null is nothing."""
    value = claims.get(name)
    if separator and isinstance(value, str):
        return tuple(part for part in value.split(separator) if part)
    return claim_values(value)


def _missing(wanted: list[RequiredClaim]) -> TokenRefused:
    names = [one.name for one in wanted]
    listed = ", ".join(names)
    return TokenRefused(
        why=Why.CLAIM_NOT_FOUND,
        message=f"JWT token is missing the following claims: {listed}. Access denied.",
        saw=f"a token without {listed}",
        would_pass=f"A token that has {', '.join(one.asked for one in wanted)}. {_hint(names)}".rstrip(),
    )


def _wrong(one: RequiredClaim, values: tuple[str, ...]) -> TokenRefused:
    said = ",".join(values)
    return TokenRefused(
        why=Why.CLAIM_VALUE_NOT_ALLOWED,
        message=f"Claim {one.name} value of {said} is not allowed. Access denied.",
        saw=f"{one.name} is {said}",
        would_pass=f"A token that has {one.asked}.{_separator_hint(one, values)}",
    )


def _hint(names: list[str]) -> str:
    if "scp" in names:
        return "scp is in tokens of a person; an application's own token has roles."
    if "roles" in names:
        return "roles is in tokens of applications, and of people who were given a role; a person's token has scp."
    return ""


def _separator_hint(one: RequiredClaim, values: tuple[str, ...]) -> str:
    spaced = one.separator is None and any(" " in value for value in values)
    return f' {one.name} holds several words: write separator=" " to compare them one by one.' if spaced else ""
