"""What a change would make of the gateway, and why it may not: each noun by itself, and all of them together."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from attrs import evolve, frozen

from entrada.core.directory.administration.change import Activity, Change
from entrada.core.directory.administration.problem import Problem, bad, over_quota
from entrada.core.directory.application_rules import Broken
from entrada.core.directory.gateway_record import GatewayRecord, RecordKind
from entrada.core.gateway.configuration import Configuration, PolicyFault, policy_faults
from entrada.core.gateway.consistency import newly_broken
from entrada.core.gateway.document.tree import MAX_BYTES
from entrada.core.gateway.entities import (
    api,
    authorization_server,
    named_value,
    openid_provider,
    operation,
    product,
    subscription,
)
from entrada.core.gateway.policy_document import read_document
from entrada.core.gateway.refusal import policy_refused, rules_refused
from entrada.server.usecases.administer.carry_out import as_written
from entrada.server.usecases.gateway.records import Noun, OperationOfApi, Policy, record_of
from entrada.server.usecases.gateway.state import Place, State, place_of
from entrada.server.usecases.installation import Installation

MOST_RECORDS: Final = 10_000
_LARGEST_API: Final = 4 * 1024 * 1024  # bytes: the schemas of an OpenAPI document are among it


@frozen(kw_only=True)
class Wanted:
    """The audit row is about the first of *put*, unless *about* says of what it is."""

    activity: Activity
    put: tuple[Noun, ...] = ()
    gone: tuple[Place, ...] = ()
    about: Place | None = None


@frozen
class Outcome:
    after: State
    changes: tuple[Change, ...]

    def about(self, wanted: Wanted) -> Change | None:
        """What the audit row tells first."""
        named = (one for one in self.changes if _place(one) == wanted.about)
        return next(named, None) or (self.changes[0] if self.changes else None)


def outcome(here: Installation, before: State, wanted: Wanted) -> Outcome | Problem:
    found = outcome_unchecked(here, before, wanted)
    return next(refusals(before, found, wanted), None) or found


def _place(change: Change) -> Place | None:
    record = change.before if change.after is None else change.after
    return (record.kind, record.id) if isinstance(record, GatewayRecord) else None


def outcome_unchecked(here: Installation, before: State, wanted: Wanted) -> Outcome:
    records, nouns, changes = dict(before.records), dict(before.nouns), list[Change]()
    for noun in wanted.put:
        place = place_of(noun)
        old = before.records.get(place) if place in before.nouns else None
        new = record_of(here, before.tenant_id, noun, old)
        if place in before.records and old is None:  # there, and cannot be read: written over
            old, new = before.records[place], evolve(new, version=before.records[place].version)
        nouns[place], records[place] = noun, as_written(old, new)
        changes += [] if old == new else [Change(old, new)]
    for place in wanted.gone:
        nouns.pop(place, None)
        changes.append(Change(records.pop(place), None))
    after = State(tenant_id=before.tenant_id, records=records, nouns=nouns, revision=before.revision)
    return Outcome(after, tuple(changes))


def refusals(before: State, found: Outcome, wanted: Wanted) -> Iterator[Problem]:
    """One of each kind, with all that is wrong of it."""
    old, new = before.configuration, found.after.configuration
    own = rules_refused(one for noun in wanted.put for one in problems_of(noun))
    if own is not None:
        yield own
    together: tuple[Callable[[], Problem | None], ...] = (
        lambda: _too_large(found.changes),
        lambda: _too_many(before, found.after),
        lambda: rules_refused(newly_broken(old, new)),
        lambda: _faulty(old, new, wanted),
    )
    yield from (problem for check in together if (problem := check()) is not None)


def problems_of(noun: Noun) -> Iterator[Broken]:
    match noun:
        case OperationOfApi():
            yield from operation.problems(noun.operation)
        case Policy():
            return
        case _:
            yield from _RULES[type(noun)](noun)


_RULES: Final[Mapping[type[Any], Callable[[Any], Iterator[Broken]]]] = {
    api.Api: api.problems,
    product.Product: product.problems,
    subscription.Subscription: subscription.problems,
    authorization_server.AuthorizationServer: authorization_server.problems,
    openid_provider.OpenIdProvider: openid_provider.problems,
    named_value.NamedValue: named_value.problems,
}


def _too_large(changes: tuple[Change, ...]) -> Problem | None:
    for record in (one.after for one in changes):
        # Documents of policies have a limit of their own, and say so themselves.
        if not isinstance(record, GatewayRecord) or record.kind is RecordKind.POLICY:
            continue
        largest = _LARGEST_API if record.kind is RecordKind.API else MAX_BYTES
        if len(record.content) + len(record.secrets) > largest:
            return bad(f"{record.display_name} takes more than {largest // 1024} kB: shorten examples and schemas.")
    return None


def _too_many(before: State, after: State) -> Problem | None:
    if len(after.records) <= MOST_RECORDS or len(after.records) <= len(before.records):
        return None
    return over_quota(f"A gateway holds {MOST_RECORDS:,} objects, operations included: delete what is not needed.")


def _faulty(before: Configuration, after: Configuration, wanted: Wanted) -> Problem | None:
    values = after.values_in_policies
    written = [one for one in wanted.put if isinstance(one, Policy)]
    faults = [
        PolicyFault(one.scope, fault)
        for one in written
        for fault in read_document(one.text, one.scope.name, values).faults
    ]
    if values != before.values_in_policies:
        known = {*faults, *policy_faults(before)}
        faults += [one for one in policy_faults(after) if one not in known]
    return policy_refused(faults) if faults else None
