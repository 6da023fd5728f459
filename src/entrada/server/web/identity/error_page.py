"""The page for what cannot be redirected, and the page that explains a code.  Reference section 13.4."""

from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from entrada.core.directory.application import Application
from entrada.core.directory.tenant import Tenant
from entrada.core.errors import catalogue
from entrada.core.errors.reason import Reason, Refusal
from entrada.core.protocol.error_fields import Trace
from entrada.server.web.http.error_page import page
from entrada.server.web.http.site import Site


def error_page(
    site: Site, refusal: Refusal, trace: Trace, client: Application | None = None, tenant: Tenant | None = None
) -> HTMLResponse:
    """*tenant*: whose looks it wears, where the request names one."""
    named = (client.display_name, client.app_id) if client else (None, None)
    return page(site, refusal, trace, "We could not sign you in", named, tenant)


def reasons_of(code: str) -> tuple[Reason, ...]:
    """Every row of the catalogue under *code*, with or without its AADSTS in front; the commonest first, as there."""
    number = code.strip().upper().removeprefix("AADSTS")
    rows = (value for value in vars(catalogue).values() if isinstance(value, Reason))
    return tuple(row for row in rows if str(row.code) == number)


def lookup(site: Site, request: Request) -> Response:
    """`/error?code=50011`, which every error answer names in its error_uri."""
    asked = request.query_params.get("code", "")
    found = reasons_of(asked)
    if not found:
        message = "This server never answers with that code." if asked else "Which code do you want explained?"
        context: dict[str, object] = {"code": "Error codes", "name": None, "message": message, "causes": []}
        return site.pages.render("error_lookup.html", context, status=404)
    context = {"code": found[0].aadsts, "name": found[0].name, "message": None, "causes": _causes(found)}
    return site.pages.render("error_lookup.html", context)


def _causes(rows: Iterable[Reason]) -> list[dict[str, str]]:
    """What a number stands for, each with its own remedy; several errors may say the same."""
    errors: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        errors.setdefault((_general(row.text), _general(row.advice)), []).append(row.error)
    return [
        {"meaning": meaning, "advice": advice, "error": " or ".join(dict.fromkeys(said))}
        for (meaning, advice), said in errors.items()
    ]


def _general(sentence: str) -> str:
    """A sentence of the catalogue with its facts named instead of filled in."""
    return sentence.replace("'{", "<").replace("}'", ">").replace("{", "<").replace("}", ">")
