"""`set-header` as one change for each header line, however many policies make it."""

from collections.abc import Iterator, Sequence

from attrs import evolve

from entrada.core.gateway.elements.exists_action import APPEND, DELETE, SKIP
from entrada.core.gateway.elements.set_header import OWN_LINES, UNTOUCHABLE, SetHeader
from entrada.core.gateway.envoy import matches
from entrada.core.gateway.envoy.known import known
from entrada.core.gateway.envoy.not_native import NotNative
from entrada.core.gateway.envoy.texts import Formatted, formatted, short
from entrada.core.gateway.envoy.way import Change, Removed, Set, SetWhereAbsent, Way, is_reserved


def changed(policy: SetHeader, way: Way) -> Iterator[Way]:
    """Of the request.  Raises NotNative."""
    name, action = _name(policy, way), known(policy.setting.action, way)
    if name in way.copied:
        raise NotNative(f"the header {name} is changed after another was written by it")
    if action == DELETE:
        yield evolve(way, changes={**way.changes, name: Removed()})
        return
    for given in _given(policy, name, way):
        yield _with(name, action, given.formatted, given.on(way))


def changed_response(policy: SetHeader, way: Way) -> Way:
    """Of the backend's response, by what is known beforehand.  Raises NotNative."""
    name, action = _name(policy, way), known(policy.setting.action, way)
    if any(one == name for one, _ in way.on_response) or action == APPEND:
        raise NotNative(f"the header {name} of the response is changed by what it was")
    if action == DELETE:
        return evolve(way, on_response=(*way.on_response, (name, Removed())))
    given = _given(policy, name, way)
    if len(given) != 1 or not given[0].always:
        raise NotNative("a header of the response is computed")
    change = SetWhereAbsent(given[0].formatted) if action == SKIP else Set(given[0].formatted)
    return evolve(way, on_response=(*way.on_response, (name, change)))


def _name(policy: SetHeader, way: Way) -> str:
    name = known(policy.setting.name, way).lower()
    keys = way.api.subscription_key_parameter_names.header.lower()
    if is_reserved(name) or name in UNTOUCHABLE or name == keys:
        raise NotNative(f"the header {name} is looked after by the proxy itself")
    return name


def _given(policy: SetHeader, name: str, way: Way) -> Sequence[Formatted]:
    texts = [formatted(one, way) for one in policy.setting.values]
    if len(texts) == 1:
        return texts[0]
    if name in OWN_LINES or any(len(one) != 1 or not one[0].always for one in texts):
        raise NotNative("a header is given several values")
    return (short(",".join(one[0].formatted for one in texts)),)


def _with(name: str, action: str, given: str, way: Way) -> Way:
    before = way.changes.get(name)
    if isinstance(before, SetWhereAbsent) and action in (SKIP, APPEND):
        raise NotNative(f"the header {name} is changed by what it was")
    if action == APPEND and before is None:
        return _changing(way.where(matches.absent(name)), name, Set(given))  # a line that is there decides in Python
    if action == APPEND and isinstance(before, Set):
        if name in OWN_LINES:
            raise NotNative("a header is given several values")
        return _changing(way, name, Set(short(f"{before.formatted},{given}").formatted))
    if action == SKIP and isinstance(before, Set):
        return way
    if action == SKIP and before is None:
        return _changing(way, name, SetWhereAbsent(given))
    return _changing(way, name, Set(given))


def _changing(way: Way, name: str, change: Change) -> Way:
    return evolve(way, changes={**way.changes, name: change})
