"""A profile on its way in, with its secret where it brought one along; and why something is none."""

from collections.abc import Mapping

from attrs import field, frozen

from entrada.cli.profiles.members import WrongMember, read_profile
from entrada.cli.profiles.profile import Profile


class NoProfiles(ValueError):
    """The words say what is wrong with what was brought."""


@frozen
class Found:
    profile: Profile
    secret: str | None = field(default=None, repr=False)


def judged(members: Mapping[str, object], secret: str | None = None, *, newer: bool = False) -> Found:
    """*members* are ours, in our spelling.  Raises NoProfiles."""
    bare = {name: value for name, value in members.items() if value is not None}
    try:
        return Found(read_profile(bare, newer=newer), secret)
    except WrongMember as wrong:
        name = str(bare.get("name", "without a name"))[:80]
        raise NoProfiles(f'"{".".join(map(str, wrong.path))}" of the profile {name!r} {wrong.words}') from None
