"""Discovery, keys, instance discovery and user realm.  Reference sections 4 to 8."""

from starlette.requests import Request
from starlette.responses import Response

from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal
from entrada.core.protocol import discovery
from entrada.core.protocol.error_fields import json_members
from entrada.core.protocol.issuer import TEMPLATE, issuer
from entrada.core.protocol.tokens.optional_claims import REGION
from entrada.core.protocol.version import Version
from entrada.server.usecases.lookup import find_authority
from entrada.server.web.http import decision_log
from entrada.server.web.http.json_answer import PUBLIC, json_answer
from entrada.server.web.http.site import Site
from entrada.server.web.http.trace import trace_of


async def configuration(site: Site, request: Request, version: Version) -> Response:
    authority = await find_authority(site.here.store, request.path_params["tenant"])
    if authority is None:
        facts = {"tenant": request.path_params["tenant"]}
        return _refused(site, request, Refusal(why.TENANT_NOT_FOUND_IN_DISCOVERY, facts))
    region = REGION if authority.tenant else None
    document = discovery.configuration(site.here.origin, authority.segment, version, region=region)
    return json_answer(document, headers=PUBLIC)


async def keys(site: Site, request: Request, version: Version) -> Response:
    authority = await find_authority(site.here.store, request.path_params["tenant"])
    if authority is None:
        facts = {"tenant": request.path_params["tenant"]}
        return _refused(site, request, Refusal(why.TENANT_NOT_FOUND_IN_DISCOVERY, facts))
    tenant = authority.tenant.id if authority.tenant else TEMPLATE
    # Keys of the v1 path carry no issuer.
    named = issuer(site.here.origin, tenant, version) if version is Version.V2 else None
    published = await site.here.signing_keys.published(site.here.clock())
    # Validators look again within the hour; our own next key is known a day before it signs.
    return json_answer({"keys": [key.public_jwk(named) for key in published]}, headers=PUBLIC)


async def instance(site: Site, request: Request) -> Response:
    version, endpoint = (request.query_params.get(name, "") for name in ("api-version", "authorization_endpoint"))
    asked = discovery.parse_authorization_endpoint(endpoint)
    if not version or asked is None:
        return _refused(site, request, Refusal(why.MALFORMED_DISCOVERY))
    if not asked.is_at(site.here.origin):
        return _refused(site, request, Refusal(why.NO_SUCH_INSTANCE, {"authorization_endpoint": endpoint}))
    document = discovery.instance(site.here.origin, asked, version)
    return json_answer(document, headers=PUBLIC)


async def user_realm(site: Site, request: Request) -> Response:
    """The same answer whether or not the account exists."""
    domain = request.path_params["username"].rpartition("@")[2].lower()
    return json_answer(discovery.user_realm(site.here.origin, domain), headers=PUBLIC)


def _refused(site: Site, request: Request, refusal: Refusal) -> Response:
    trace = trace_of(site.here, request)
    decision_log.refused("metadata", refusal, trace)
    answer = json_answer(json_members(refusal, trace, site.here.origin), refusal.reason.status)
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer
