"""The credentials that stand in our documentation: everybody knows them, so wherever they turn up they are seeds."""

from typing import Final

DOCUMENTED: Final = frozenset(
    {
        "Entrada-dev-2026",
        "console-dev-secret",
        "repsys-dev-secret",
        "daemon-dev-secret",
        "multi-dev-secret",
        "middle-dev-secret",
    }
)
