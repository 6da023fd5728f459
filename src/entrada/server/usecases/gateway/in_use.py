"""Refuse to delete what APIs still sign developers in with."""

from collections.abc import Sequence

from entrada.core.directory.administration.problem import Problem, taken
from entrada.core.gateway.entities.api import Api


def in_use(what: str, name: str, using: Sequence[Api]) -> Problem:
    names = ", ".join(one.display_name for one in using[:5]) + (", …" if using[5:] else "")
    return taken(f"The {what} {name} is in use by {names}: change the security of these first, or force it.")
