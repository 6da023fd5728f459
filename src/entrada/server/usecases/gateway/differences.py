"""What a change would make of the gateway, in words and without any value: shown before anybody says yes."""

from entrada.core.directory.administration import gateway_activities as did
from entrada.core.directory.administration.audit import modified
from entrada.core.directory.administration.change import Change
from entrada.core.directory.document.diff import Diff, Difference
from entrada.core.directory.gateway_record import GatewayRecord, RecordKind


def differences(changes: tuple[Change, ...], put: int) -> Diff:
    """*put*: of how many objects the change is, besides those that go."""
    added, changed, removed = list[Difference](), list[Difference](), list[Difference]()
    for one in changes:
        if one.after is None:
            removed.append(Difference(_label(one.before)))
        elif one.before is None:
            added.append(Difference(_label(one.after)))
        else:
            names = tuple(each.display_name for each in modified(one.before, one.after))
            changed.append(Difference(_label(one.after), names))
    same = put - len(added) - len(changed)
    return Diff(added=tuple(added), changed=tuple(changed), removed=tuple(removed), unchanged=same)


def _label(record: object) -> str:
    if not isinstance(record, GatewayRecord):
        return ""
    if record.kind is RecordKind.POLICY:
        return record.display_name
    return f"{did.NOUNS[record.kind]} {record.id}"
