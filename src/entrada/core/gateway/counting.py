"""What the counters are after an exchange: only keys that changed."""

from collections.abc import Mapping

from attrs import evolve

from entrada.core.gateway.counters import Window
from entrada.core.gateway.elements.value import EvaluationFailed
from entrada.core.gateway.passage import Count, Passage


def settled(passage: Passage) -> Mapping[str, Window]:
    """Of what has been counted until now; that is then done with."""
    now = passage.facts.now
    found = {key: passage.window(key).counted(times, now) for key, times in passage.counted.items() if times}
    passage.counted = dict.fromkeys(passage.counted, 0)
    return found


def settled_at_last(passage: Passage) -> Mapping[str, Window]:
    """With what was to be decided by the response."""
    for one in passage.to_count:
        passage.counted.setdefault(one.key, _times(one, passage))
    passage.to_count = ()
    return settled(passage)


def settled_as_abandoned(passage: Passage) -> Mapping[str, Window]:
    """When nobody will see the response: whatever a condition would say of it, hanging up must not make it free."""
    for one in passage.to_count:
        passage.counted.setdefault(one.key, _times(evolve(one, condition=None), passage))
    passage.to_count = ()
    return settled(passage)


def _times(one: Count, passage: Passage) -> int:
    """An expression that has no value counts: an error must not make calls free."""
    try:
        counts = one.condition is None or one.condition.of(passage)
        return one.times.of(passage) if counts else 0
    except EvaluationFailed:
        return 1
