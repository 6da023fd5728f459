"""Read an OpenAPI document: an API with its operations, or everything that is wrong with it.  Reference section 15."""

import re
from collections.abc import Mapping
from typing import Final, cast

from entrada.core.gateway.openapi.fault import Fault, Faults
from entrada.core.gateway.openapi.imported import Imported
from entrada.core.gateway.openapi.operations import name_of, read_operations
from entrada.core.gateway.openapi.reading import Enough, Reading, TooMuch
from entrada.core.gateway.openapi.schemas import read_components
from entrada.core.gateway.openapi.security import read_security
from entrada.core.gateway.openapi.servers import read_service_url
from entrada.core.gateway.openapi.spot import Spot

DEEPEST: Final = 100
_VERSION: Final = re.compile(r"3\.[01](\.[0-9]+)?(-[0-9A-Za-z.-]+)?")
_ROOT: Final = Spot(None)


def read_openapi(
    document: Mapping[str, object], source_url: str | None = None, *, required_query_in_template: bool = True
) -> Imported | Faults:
    """*document* as JSON or YAML was read: objects as dict, arrays as list; at *source_url*, if it was fetched.

    *required_query_in_template*: an operation is not met without its required query parameters, as Azure has it.
    """
    if _is_too_deep(document):
        return (_about(f"The document is nested more than {DEEPEST} levels deep.", "Name schemas, and refer to them."),)
    reading = Reading(dict(document))
    _check_version(reading)
    if reading.faults:
        return tuple(reading.faults)  # by another version nothing else would make sense
    try:
        imported = _imported(reading, source_url, takes_query=required_query_in_template)
    except TooMuch:
        reading.faults.append(
            _about("With all its references followed, the document is too large.", "Import it as several APIs.")
        )
        return _told(reading)
    except Enough:
        return _told(reading)
    return _told(reading) if reading.faults else imported


def _imported(reading: Reading, source_url: str | None, *, takes_query: bool) -> Imported:
    root = Spot(reading.root)
    info = root.at("info")
    title = name_of(reading.text(info.at("title")))
    if not title:
        reading.fault(info.at("title"), "The API has no title.", "Give it one: it becomes its display name.")
    if root.at("paths").value is None and root.at("webhooks").value is None and root.at("components").value is None:
        reading.fault(root.at("paths"), "The document has no paths.", "Write them: they become operations.")
    if root.at("webhooks").value is not None:
        reading.remark(root.at("webhooks"), "Webhooks are left out: what the backend calls does not come through here.")
    schemas = read_components(reading)
    found = list(read_operations(reading, takes_query=takes_query))
    return Imported(
        display_name=title,
        description=reading.text(info.at("description")) or reading.text(info.at("summary")),
        version=reading.text(info.at("version")),
        service_url=read_service_url(reading, source_url),
        terms_of_service_url=reading.text(info.at("termsOfService")) or None,
        operations=tuple(one.operation for one in found),
        security=read_security(reading, found),
        schemas={**schemas, **reading.schemas},
        remarks=tuple(dict.fromkeys(reading.remarks)),
    )


def _check_version(reading: Reading) -> None:
    root = Spot(reading.root)
    if root.at("swagger").value is not None:
        reading.fault(
            root.at("swagger"),
            "This is Swagger 2.0, the form before OpenAPI 3.",
            "Convert it: `npx swagger2openapi --outfile openapi.json swagger.json`, or *Edit, Convert to OpenAPI 3* "
            "in Swagger Editor.",
        )
        return
    spot = root.at("openapi")
    version = reading.text(spot)
    if not version:
        reading.fault(
            spot, "This is no OpenAPI document: it does not say its version.", "Begin it with openapi: 3.1.0."
        )
    elif not _VERSION.fullmatch(version):
        what = f"OpenAPI 3.0 and 3.1 are read, and this is `{version[:40]!r}`."
        reading.fault(spot, what, "Write it in 3.1, or convert it.")


def _told(reading: Reading) -> Faults:
    return tuple(dict.fromkeys(reading.faults))


def _about(what: str, instead: str) -> Fault:
    return Fault(_ROOT.pointer, what, instead)


def _is_too_deep(document: object) -> bool:
    level = [document]
    for _ in range(DEEPEST):
        level = [inside for one in level for inside in _inside(one)]
        if not level:
            return False
    return True


def _inside(value: object) -> list[object]:
    if isinstance(value, Mapping):
        return [one for one in cast("Mapping[object, object]", value).values() if isinstance(one, dict | list)]
    if isinstance(value, list):
        return [one for one in cast("list[object]", value) if isinstance(one, dict | list)]
    return []
