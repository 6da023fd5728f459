"""A profile as members of JSON, and back: read strictly, with the member that is wrong.  docs/reference/profiles.md"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple, NoReturn, cast

from entrada.cli.profiles.profile import Kind, Profile, Proof, Where, id_for
from entrada.cli.profiles.rules import wrong_with
from entrada.cli.profiles.words import FlowName, parse_flow

KNOWN: Final = (
    "id",
    "name",
    "authority",
    "instance",
    "tenant",
    "issuer",
    "clientId",
    "scopes",
    "flow",
    "authentication",
    "redirectUri",
    "caFile",
    "createdAt",
    "updatedAt",
)
_OF_PROOF: Final = ("kind", "file")
_LONGEST_ID: Final = 64


class WrongMember(ValueError):
    def __init__(self, path: tuple[str | int, ...], words: str) -> None:
        super().__init__(words)
        self.path, self.words = path, words


class _Reader(NamedTuple):
    members: Mapping[str, object]

    def text(self, name: str) -> str | None:
        value = self.members.get(name)
        if value is None:
            return None
        if not isinstance(value, str) or not value:
            _wrong(name, "must be a text.")
        return value

    def file(self, name: str) -> Path | None:
        value = self.text(name)
        return None if value is None else Path(value).expanduser()

    def texts(self, name: str) -> tuple[str, ...]:
        value = self.members.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            _wrong(name, "must be a list of texts.")
        found = cast("list[object]", value)
        if not all(isinstance(one, str) and one.isprintable() and one.split() == [one] for one in found):
            _wrong(name, "must be a list of scopes, each a text without spaces.")
        return tuple(cast("list[str]", found))

    def require_known(self, names: tuple[str, ...]) -> None:
        unknown = next((name for name in self.members if name not in names), None)
        if unknown is not None:
            _wrong(unknown, f"is not known here; known are {', '.join(names)}.")


def read_profile(members: Mapping[str, object], *, newer: bool = False) -> Profile:
    """Raise WrongMember.  *newer*: written by a newer entrada, whose members are kept, not judged."""
    reader = _Reader(members)
    if not newer:
        reader.require_known(KNOWN)
    name = reader.text("name") or ""
    profile = Profile(
        id=_id(reader) or id_for(name),
        name=name,
        where=Where(**{part: reader.text(part) for part in ("authority", "instance", "tenant", "issuer")}),
        client_id=reader.text("clientId") or "",
        scopes=reader.texts("scopes"),
        flow=_flow(reader),
        proof=_proof(members.get("authentication"), newer=newer),
        redirect_uri=reader.text("redirectUri"),
        ca_file=reader.file("caFile"),
        created_at=reader.text("createdAt"),
        updated_at=reader.text("updatedAt"),
        others={name: value for name, value in members.items() if name not in KNOWN},
    )
    wrong = wrong_with(profile)
    if wrong is not None:
        raise WrongMember((wrong.member,), wrong.words)
    return profile


def _id(reader: _Reader) -> str | None:
    """It names the secret in the vault."""
    found = reader.text("id")
    if found is not None and not (found.isascii() and found.isalnum() and len(found) <= _LONGEST_ID):
        _wrong("id", f"must be up to {_LONGEST_ID} letters and digits; leave it out to have one made.")
    return found


def _flow(reader: _Reader) -> FlowName | None:
    said = reader.text("flow")
    flow = parse_flow(said) if said else None
    if said and flow is None:
        _wrong("flow", f"must be one of {', '.join(FlowName)}.")
    return flow


def _proof(value: object, *, newer: bool) -> Proof:
    if value is None:
        return Proof()
    if not isinstance(value, dict):
        _wrong("authentication", 'must be members such as {"kind": "secret"}.')
    reader = _Reader(cast("dict[str, object]", value))
    try:
        if not newer:
            reader.require_known(_OF_PROOF)
        kind = reader.text("kind")
        if kind not in list(Kind):
            _wrong("kind", f"must be one of {', '.join(Kind)}.")
        others = {name: one for name, one in reader.members.items() if name not in _OF_PROOF}
        return Proof(kind=Kind(kind), path=reader.file("file"), others=others)
    except WrongMember as wrong:
        raise WrongMember(("authentication", *wrong.path), wrong.words) from None


def written(profile: Profile) -> dict[str, object]:
    """What is not said is left out."""
    where, proof = profile.where, profile.proof
    authentication = {"kind": proof.kind.value, "file": str(proof.path) if proof.path else None}
    members: dict[str, object] = {
        "id": profile.id,
        "name": profile.name,
        "authority": where.authority,
        "instance": where.instance,
        "tenant": where.tenant,
        "issuer": where.issuer,
        "clientId": profile.client_id or None,
        "scopes": list(profile.scopes) or None,
        "flow": profile.flow.value if profile.flow else None,
        "authentication": {name: value for name, value in authentication.items() if value} | dict(proof.others),
        "redirectUri": profile.redirect_uri,
        "caFile": str(profile.ca_file) if profile.ca_file else None,
        "createdAt": profile.created_at,
        "updatedAt": profile.updated_at,
    }
    return {name: value for name, value in members.items() if value is not None} | dict(profile.others)


def _wrong(member: str, words: str) -> NoReturn:
    raise WrongMember((member,), words)
