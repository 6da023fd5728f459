"""How long what has ended is kept: what `sweep` may delete."""

from collections.abc import Iterable, Mapping
from typing import Final

from attrs import frozen

from entrada.core.directory.deleted_item import KEPT
from entrada.core.directory.ids import TenantId
from entrada.core.directory.story import Story
from entrada.core.jose.numeric_date import NumericDate, Seconds

SIGN_INS_KEPT: Final = Seconds(30 * 86_400)
"""Entra shows thirty days of sign-ins; whoever needs more exports them."""

STORIES_KEPT: Final = Seconds(30 * 86_400)
"""As long as the sign-ins they explain."""

MOST_STORIES: Final = 1_000_000
"""Of all tenants; some gigabytes.  Whoever floods the server with refusals does not fill its disk."""

MOST_STORIES_OF_TENANT: Final = 500_000
"""Where one tenant is flooded, the others keep theirs."""

AUDITS_KEPT: Final = Seconds(400 * 86_400)
"""A year and the month in which somebody asks about it; Entra keeps thirty days, and exports the rest."""


@frozen
class Origin:
    """Whose stories are counted together."""

    tenant_id: TenantId
    strangers: bool


def origin_of(story: Story) -> Origin:
    return Origin(story.tenant_id, not story.granted and story.user_id is None)


def too_many(counted: Mapping[Origin, int], of_tenant: int, of_all: int) -> dict[Origin, int]:
    """How many stories stay, the newest, of each origin that has too many.

    Refusals of nobody known go first: anybody can have as many as they like.  Whoever has the most loses first.
    """
    known = {one: count for one, count in counted.items() if not one.strangers}
    level = min(of_tenant, _level(known.values(), of_all))
    kept = {one: min(count, level) for one, count in known.items()}
    room = {one: of_tenant - kept.get(Origin(one.tenant_id, strangers=False), 0) for one in counted if one.strangers}
    strangers = {one: min(counted[one], most) for one, most in room.items()}
    level = _level(strangers.values(), of_all - sum(kept.values()))
    kept |= {one: min(count, level) for one, count in strangers.items()}
    return {one: count for one, count in kept.items() if count < counted[one]}


def _level(counts: Iterable[int], room: int) -> int:
    """How high each may be, so that all together find room."""
    lowest_first = sorted(counts)
    for place, count in enumerate(lowest_first):
        share = room // (len(lowest_first) - place)
        if count > share:
            return share
        room -= count
    return max(lowest_first, default=0)


def day_of(moment: NumericDate) -> int:
    """Days since the epoch, UTC.  A family whose end day is less than today's has ended."""
    return moment // 86_400


def oldest_sign_in(now: NumericDate) -> NumericDate:
    """Sign-ins from before this moment have been kept long enough."""
    return NumericDate(now - SIGN_INS_KEPT)


def oldest_story(now: NumericDate) -> NumericDate:
    return NumericDate(now - STORIES_KEPT)


def oldest_audit(now: NumericDate) -> NumericDate:
    return NumericDate(now - AUDITS_KEPT)


def oldest_deleted_item(now: NumericDate) -> NumericDate:
    """What was deleted before this moment cannot be brought back any more."""
    return NumericDate(now - KEPT)
