"""The policies in force for one operation: of each section the statements in their order, `base` resolved."""

from collections.abc import Iterator

from attrs import field, frozen

from entrada.core.gateway.elements.choose import Choose
from entrada.core.gateway.elements.cors import Cors
from entrada.core.gateway.elements.statement import Statement


@frozen(kw_only=True)
class Plan:
    inbound: tuple[Statement, ...] = ()
    backend: tuple[Statement, ...] = ()
    outbound: tuple[Statement, ...] = ()
    on_error: tuple[Statement, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)  # of its named values: never in a trace

    @property
    def cors(self) -> tuple[Cors, ...]:
        """Those that stand directly in inbound: they speak even when the request never gets so far."""
        return tuple(one.policy for one in self.inbound if isinstance(one.policy, Cors))


def walk(statements: tuple[Statement, ...]) -> Iterator[Statement]:
    """All of them, those in branches too."""
    for one in statements:
        yield one
        if isinstance(one.policy, Choose):
            yield from walk(one.policy.inner)
