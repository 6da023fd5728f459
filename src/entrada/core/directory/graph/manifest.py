"""Applications as manifests: what the Azure portal downloads, in both formats, and `az ad app list`.  Section 37.

`from_manifest` answers with members of Graph, which `application_patch` writes as it writes a request's.  What a new
application cannot have here is left out, with a note for each; of one that is edited, nothing is left out: what cannot
be taken is refused.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import cast

from attrs import field, frozen

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application import Application
from entrada.core.directory.graph.application import application_json
from entrada.core.directory.graph.manifest_aad import as_aad_graph, as_graph
from entrada.core.directory.graph.manifest_sieve import sifted
from entrada.core.directory.ids import ClientId, parse_guid


class Format(StrEnum):
    GRAPH = "Microsoft Graph"
    AAD_GRAPH = "Azure AD Graph"


@frozen(kw_only=True)
class Manifest:
    """*members* go into `create_application`, or `change_application` where one is edited."""

    format: Format
    members: Mapping[str, object]
    id: str | None = None  # those it had where it comes from
    app_id: ClientId | None = None
    left_out: tuple[str, ...] = field(default=())  # "left out: …", a sentence each


def from_manifest(document: object, *, editing: bool = False) -> Manifest | Problem:
    """*document* is decoded JSON.  *editing*: it is of an application that is here already."""
    if not isinstance(document, Mapping):
        return bad("A manifest is an object: {…}.")
    members = cast("Mapping[str, object]", document)
    found = _format(members)
    if found is None:
        return bad("This is no manifest of an application: it has neither replyUrlsWithType nor web.")
    notes = list[str]()
    if found is Format.AAD_GRAPH:
        members = as_graph(members)
    return Manifest(
        format=found,
        members=members if editing else sifted(members, notes),
        id=_guid(members, "id"),
        app_id=ClientId(app_id) if (app_id := _guid(members, "appId")) else None,
        left_out=tuple(notes),
    )


def from_list(document: object) -> tuple[Manifest, ...] | Problem:
    """Of one manifest, of a list of them (`az ad app list`), or of a collection as Graph answers with it."""
    manifests = list[Manifest]()
    for place, one in enumerate(_documents(document)):
        manifest = from_manifest(one)
        if isinstance(manifest, Problem):
            return bad(f"Entry {place}: {manifest.message}", f"[{place}]")
        manifests.append(manifest)
    return tuple(manifests)


def to_manifest(application: Application, wanted: Format = Format.GRAPH) -> dict[str, object]:
    members = {**application_json(application), "serviceManagementReference": application.service_management_reference}
    return members if wanted is Format.GRAPH else as_aad_graph(members)


def _documents(document: object) -> list[object]:
    match document:
        case {"value": list()}:
            return cast("list[object]", cast("Mapping[str, object]", document)["value"])
        case list():
            return cast("list[object]", document)
        case _:
            found: list[object] = [document]
            return found


def _format(members: Mapping[str, object]) -> Format | None:
    if "replyUrlsWithType" in members:
        return Format.AAD_GRAPH
    return Format.GRAPH if isinstance(members.get("web"), Mapping) else None


def _guid(members: Mapping[str, object], name: str) -> str | None:
    value = members.get(name)
    return parse_guid(value) if isinstance(value, str) else None
