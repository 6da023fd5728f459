"""How many examples a costly property gets: few in `make test`, many more in `make fuzz`."""

from typing import Final

from hypothesis import settings

USUAL: Final = 100  # of the profile that `make test` runs
_AT_LENGTH: Final = 20


def examples(usual: int) -> int:
    """For tests that cannot take the profile's own number, each example being dear."""
    profile = settings.default
    return usual * _AT_LENGTH if profile is not None and profile.max_examples > USUAL else usual
