"""The applications that this tenant knows: find them, and bring in another one."""

from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.operations import Operation
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.application import Application
from entrada.core.directory.ids import ANY_TENANT, ClientId, parse_guid
from entrada.core.directory.query.condition import EVERYTHING, Both, Compare, Condition, Op
from entrada.core.directory.query.query import Order
from entrada.core.directory.service_principal import ServicePrincipal
from entrada.core.directory.tenant import Tenant
from entrada.server.usecases.administer.service_principals import create_service_principal, list_service_principals
from entrada.server.usecases.lookup import find_application
from entrada.server.web.portal.deeds import deed_of
from entrada.server.web.portal.door import Visitor, done, page, problem_page
from entrada.server.web.portal.finding import named
from entrada.server.web.portal.paging import pager, query_of
from entrada.server.web.signed_in.form import Form

AT: Final = "enterprise"
PATH: Final = "/portal/enterprise"
CRUMBS: Final = (("Enterprise applications", PATH),)
_ADDS: Final = {"": False, "add": True}  # at first it is only looked for
_CHOICES: Final = (("", "All"), ("own", "Registered here"), ("others", "Of other tenants"), ("disabled", "Disabled"))


async def show(visitor: Visitor) -> Response:
    text, shown = visitor.query("filter"), visitor.query("show")
    where = Both((named(text, "display_name", ids=("id", "app_id")), _shown(visitor, shown)))
    query = query_of(visitor, ServicePrincipal, where, Order("display_name"))
    found = await list_service_principals(visitor.here, visitor.actor, query)
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT)
    return page(
        visitor,
        "portal/enterprise/list.html",
        title="Enterprise applications",
        at=AT,
        rows=found.items,
        pager=pager(visitor, found),
        filter=text,
        show=shown,
        choices=_CHOICES,
        built_in=ANY_TENANT,
        may_create=visitor.may(Operation.CREATE_SERVICE_PRINCIPAL),
    )


def _shown(visitor: Visitor, shown: str) -> Condition:
    match shown:
        case "own":
            return Compare("app_owner_tenant", Op.EQ, visitor.tenant.id)
        case "others":
            return Compare("app_owner_tenant", Op.NE, visitor.tenant.id)
        case "disabled":
            return Compare("account_enabled", Op.EQ, value=False)
        case _:
            return EVERYTHING


async def start(visitor: Visitor) -> Response:
    return _new(visitor)


async def create(visitor: Visitor, form: Form) -> Response:
    """In two steps: first who it is, then yes."""
    app_id = parse_guid(form.get("appId").strip())
    if app_id is None:
        message = "appId is the application's id, as the other tenant's portal shows it: 8-4-4-4-12 hexadecimal digits."
        problem = Problem(status=400, code="Request_BadRequest", message=message, target="appId")
        return _new(visitor, problem, form)
    adds = deed_of(form, _ADDS)
    if isinstance(adds, Problem):
        return _new(visitor, adds, form)
    found = await find_application(visitor.here.store, ClientId(app_id))
    if not adds and found is not None and found.may_be_used_in(visitor.tenant.id):
        home = await visitor.here.store.find_tenant(found.tenant_id)
        return _new(visitor, None, form, application=found, home=home)
    made = await create_service_principal(visitor.here, visitor.actor, {"appId": app_id})
    if isinstance(made, Problem):
        return _new(visitor, made, form)
    return done(visitor, f"{PATH}/{made.principal.id}", f"{made.display_name} is known here now.")


def _new(
    visitor: Visitor,
    problem: Problem | None = None,
    entered: Form | None = None,
    *,
    application: Application | None = None,
    home: Tenant | None = None,
) -> Response:
    return page(
        visitor,
        "portal/enterprise/new.html",
        title="Add an application",
        at=AT,
        crumbs=CRUMBS,
        problem=problem,
        entered=entered,
        application=application,
        home=home,
    )
