"""What stands in for a credential of the documentation: a value from the environment, or one made now."""

from collections.abc import Mapping
from secrets import token_urlsafe

from entrada.cli.endings import CannotBegin
from entrada.core.credentials import password as rules
from entrada.server.usecases.settle_credentials import MACHINE_MADE, Replacement, ReplaceSeed, SeedCredential


def replacement(environment: Mapping[str, str]) -> ReplaceSeed:
    def replace(seed: SeedCredential) -> Replacement:
        given = environment.get(variable_of(seed))
        if given is None:
            return Replacement(token_urlsafe(21), made=True)
        if (fault := _fault(seed, given)) is not None:
            raise CannotBegin(f"{variable_of(seed)} is not good enough: {fault}")
        return Replacement(given, made=False)

    return replace


def _fault(seed: SeedCredential, given: str) -> str | None:
    if seed.kind == "password":
        return rules.fault(given, seed.owner, seed.known)
    short = len(given) < MACHINE_MADE
    return f"A client secret has at least {MACHINE_MADE} characters, made by a machine." if short else None


def variable_of(seed: SeedCredential) -> str:
    """ENTRADA_PASSWORD_BEN for ben@colors.example, ENTRADA_SECRET_REPSYS for the app repsys."""
    owner = seed.owner.partition("@")[0]
    name = "".join(letter if letter.isalnum() else "_" for letter in owner).upper()
    return f"ENTRADA_{'PASSWORD' if seed.kind == 'password' else 'SECRET'}_{name}"
