"""What a file of the gateway asks for: nouns, and where each of them stands, so that faults can be shown there."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, cast

from attrs import define, evolve, field

from entrada.core.directory.application_rules import Broken
from entrada.core.directory.document.fault import Fault
from entrada.core.directory.gateway_record import RecordKind
from entrada.core.gateway.configuration import OF_ALL, PolicyScope
from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.named_value import NamedValue
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.product import Product
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.members.read import from_json
from entrada.core.gateway.openapi.imported import Imported
from entrada.server.usecases.gateway.file import sections
from entrada.server.usecases.gateway.file.described import described
from entrada.server.usecases.gateway.file.positions import Written, written
from entrada.server.usecases.gateway.file.said import Asked, Said
from entrada.server.usecases.gateway.records import Noun, OperationOfApi, Policy
from entrada.server.usecases.gateway.state import Place, place_of
from entrada.server.usecases.yaml_tree import parse_yaml

T = TypeVar("T")
_VALUES: Final = "namedValues"
_UNSET: Final = "unset"  # in place of a variable: the file is refused, and for nothing that follows from it
Beside = Callable[[str], str | None]
"""The text of a file that stands beside this one; None where there is none to be read."""


def read_gateway_file(
    text: str, beside: Beside, environment: Mapping[str, str], created: Callable[[str], str]
) -> Asked | tuple[Fault, ...]:
    """Faults alone where it is no YAML.  *created*: when a subscription of that id was, which does not say it."""
    root = parse_yaml(text)
    if isinstance(root, Fault):
        return (root,)
    reading = _Reading(written(root), beside, environment, created)
    reading.document()
    return Asked(
        tuple(reading.said.values()),
        reading.written,
        text,
        faults=tuple(sorted(reading.faults)),
        knows_values=reading.knows_values,
    )


@define
class _Reading:
    written: Written
    beside: Beside = field(repr=False)
    environment: Mapping[str, str] = field(repr=False)
    created: Callable[[str], str] = field(repr=False)
    said: dict[Place, Said] = field(factory=dict[Place, Said])
    faults: list[Fault] = field(factory=list[Fault])
    knows_values: bool = True

    def fault(self, path: str, message: str) -> None:
        self.faults.append(Fault(self.written.position(path), message))
        self.knows_values = self.knows_values and not path.startswith(_VALUES)

    def document(self) -> None:
        members = self._members(self.written.value, "")
        known = (sections.POLICY, sections.POLICY_FILE, *sections.SECTIONS)
        for name in members.keys() - set(known):
            self.fault(name, f"There is no section {name}; there are {', '.join(known)}.")
        self._policy(members, "", OF_ALL)
        for name, kind in sections.SECTIONS.items():
            for number, one in enumerate(self._items(members.get(name), name)):
                self._noun(kind, self._members(one, f"{name}[{number}]"), f"{name}[{number}]")

    def _noun(self, kind: type[Any], members: dict[str, object], path: str) -> None:
        own = {
            name: members.pop(name, None)
            for name in (sections.OPERATIONS, sections.OPENAPI, sections.OPENAPI_PREFIX)
            if kind is Api
        }
        policy = {name: members.pop(name, None) for name in (sections.POLICY, sections.POLICY_FILE)}
        self._secrets(kind, members, path)
        noun = self._read(kind, members, path)
        if noun is None:
            return
        if isinstance(noun, Api):
            self._api(noun, own, policy, path)
            return
        self.say(noun, path)
        if isinstance(noun, Product):
            self._policy(policy, path, PolicyScope(product_id=noun.id))
        elif any(policy.values()):
            self.fault(f"{path}.{sections.POLICY}", "Policies are of APIs, operations, products, or of all.")

    def _api(self, api: Api, own: Mapping[str, object], policy: Mapping[str, object], path: str) -> None:
        imported = self._described(own, path)
        self.say(evolve(api, schemas=imported.schemas) if imported else api, path)
        self._policy(policy, path, PolicyScope(api_id=api.id))
        for operation in imported.operations if imported else ():
            self.say(OperationOfApi(api_id=api.id, operation=operation), f"{path}.{sections.OPENAPI}")
        self._operations(api, own[sections.OPERATIONS], f"{path}.{sections.OPERATIONS}")

    def say(self, noun: Noun, path: str, file: str = "") -> None:
        place = place_of(noun)
        if place in self.said:
            self.fault(path, f"{place[1]} is written twice.")
        self.said[place] = Said(noun=noun, path=path, file=file)

    # ---- operations ----

    def _operations(self, api: Api, given: object, path: str) -> None:
        for number, one in enumerate(self._items(given, path)):
            at = f"{path}[{number}]"
            members = self._members(one, at)
            policy = {name: members.pop(name, None) for name in (sections.POLICY, sections.POLICY_FILE)}
            operation = self._operation(api, members, at)
            if operation is not None:
                self._policy(policy, at, PolicyScope(api_id=api.id, operation_id=operation.id))

    def _operation(self, api: Api, members: dict[str, object], at: str) -> Operation | None:
        """Beside a description an entry of an id alone says whose policy follows."""
        place = (RecordKind.OPERATION, f"{api.id}/{members.get('id')}")
        known = self.said.get(place)
        if known is not None and isinstance(known.noun, OperationOfApi) and members.keys() == {"id"}:
            return known.noun.operation
        operation = self._read(Operation, members, at)
        if operation is not None:
            self.say(OperationOfApi(api_id=api.id, operation=operation), at)
        return operation

    def _described(self, own: Mapping[str, object], path: str) -> Imported | None:
        name, at = own[sections.OPENAPI], f"{path}.{sections.OPENAPI}"
        text = None if name is None else self._beside(name, at)
        if text is None:
            return None
        found = described(text, str(own[sections.OPENAPI_PREFIX] or ""))
        if isinstance(found, Imported):
            return found
        for one in found:
            self.fault(at, f"{name}: {one}")
        return None

    # ---- policies ----

    def _policy(self, members: Mapping[str, object], path: str, scope: PolicyScope) -> None:
        text, name = members.get(sections.POLICY), members.get(sections.POLICY_FILE)
        at = f"{path}.{sections.POLICY}".lstrip(".")
        if text is not None and name is not None:
            self.fault(at, "Say the policy here or in a file, not in both.")
        elif isinstance(text, str):
            self.say(Policy(scope=scope, text=text), at)
        elif text is not None:
            self.fault(at, "A policy is a text: a block that begins with |.")
        elif name is not None:
            at = f"{path}.{sections.POLICY_FILE}".lstrip(".")
            found = self._beside(name, at)
            if found is not None:
                self.say(Policy(scope=scope, text=found), at, str(name))

    def _beside(self, name: object, at: str) -> str | None:
        found = self.beside(name) if isinstance(name, str) else None
        if found is None:
            self.fault(at, f"There is no file {name} beside this one, or it is not UTF-8 text.")
        return found

    # ---- members ----

    def _secrets(self, kind: type[Any], members: dict[str, object], path: str) -> None:
        for name in sections.SECRETS.get(kind, ()):
            value = members.get(name)
            if isinstance(value, dict):
                members[name] = self._from_environment(cast("dict[str, object]", value), f"{path}.{name}")
        if kind is Subscription:
            members.setdefault("createdDate", self.created(str(members.get("id"))))
            members.setdefault("primaryKey", "")
            members.setdefault("secondaryKey", "")
        if kind is NamedValue and members.get("secret") is True:
            members.setdefault("value", "")

    def _from_environment(self, value: dict[str, object], at: str) -> str | None:
        name = value.get("environment")
        if not isinstance(name, str) or value.keys() != {"environment"}:
            self.fault(at, "A secret is a text, or environment: NAME.")
            return None
        found = self.environment.get(name)
        if not found:
            self.fault(at, f"The environment variable {name} is not set.")
        return found or _UNSET

    def _read(self, kind: type[T], members: Mapping[str, object], path: str) -> T | None:
        found = from_json(kind, members)
        if not isinstance(found, tuple):
            return found
        for one in cast("tuple[Broken, ...]", found):
            self.fault(f"{path}.{one.target}" if one.target else path, one.message)
        return None

    def _members(self, value: object, path: str) -> dict[str, object]:
        if isinstance(value, dict):
            return dict(cast("dict[str, object]", value))
        self.fault(path, "These are members: a name, a colon and a value in each line.")
        return {}

    def _items(self, value: object, path: str) -> list[object]:
        if value is None or isinstance(value, list):
            return cast("list[object] | None", value) or []
        self.fault(path, "This is a list: each entry begins with a dash.")
        return []
