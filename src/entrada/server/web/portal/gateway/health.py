"""What this process knows of how the gateway runs: by which engine and why, and how old its providers' keys are."""

from attrs import frozen

from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.installation import Installation


@frozen(kw_only=True)
class ProviderKeys:
    authority: str
    fetched_at: NumericDate


@frozen(kw_only=True)
class Health:
    """*engine* is None where the gateway runs in another process, which tells of itself."""

    engine: str | None
    why: str
    keys: tuple[ProviderKeys, ...] = ()


def gateway_health(here: Installation) -> Health:
    where = here.gateway.origin if here.gateway is not None else "nowhere"
    return Health(engine=None, why=f"It runs in a process of its own, at {where}, which says how in what it prints.")
