"""The paths of the app registrations."""

from typing import Final

from starlette.routing import BaseRoute

from entrada.server.web.http.site import Site
from entrada.server.web.portal.applications import (
    authentication,
    claims,
    credentials,
    deletion,
    expose,
    lists,
    manifest,
    overview,
    owners,
    permissions,
    properties,
    removal,
    roles,
)
from entrada.server.web.portal.door import get, post

_ALL: Final = "/portal/applications"
_ONE: Final = _ALL + "/{id}"


def routes(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,  _ALL,                                  lists.show_all),
        get(site,  f"{_ALL}/owned",                       lists.show_owned),
        get(site,  f"{_ALL}/deleted",                     lists.show_deleted),
        post(site, f"{_ALL}/deleted/{{id}}/restore",      lists.restore),
        get(site,  f"{_ALL}/deleted/{{id}}/purge",        lists.ask_to_purge),
        post(site, f"{_ALL}/deleted/{{id}}/purge",        lists.purge),
        get(site,  f"{_ALL}/new",                         lists.show_new),
        post(site, f"{_ALL}/new",                         lists.create),
        get(site,  _ONE,                                  overview.overview),
        get(site,  f"{_ONE}/endpoints",                   overview.endpoints),
        get(site,  f"{_ONE}/configuration",               overview.configuration),
        get(site,  f"{_ONE}/postman",                     overview.postman),
        get(site,  f"{_ONE}/authentication",              authentication.authentication),
        post(site, f"{_ONE}/authentication",              authentication.save),
        post(site, f"{_ONE}/authentication/add",          authentication.add_uri),
        post(site, f"{_ONE}/authentication/remove",       authentication.remove_uri),
        get(site,  f"{_ONE}/credentials",                 credentials.credentials),
        get(site,  f"{_ONE}/credentials/secret",          removal.back),
        post(site, f"{_ONE}/credentials/secret",          credentials.add_secret),
        get(site,  f"{_ONE}/credentials/secret/remove",   removal.of_secret),
        post(site, f"{_ONE}/credentials/secret/remove",   credentials.remove_secret),
        post(site, f"{_ONE}/credentials/certificate",     credentials.add_certificate),
        get(site,  f"{_ONE}/credentials/certificate",     removal.back),
        get(site,  f"{_ONE}/credentials/certificate/remove", removal.of_certificate),
        post(site, f"{_ONE}/credentials/certificate/remove", credentials.remove_certificate),
        post(site, f"{_ONE}/credentials/federated",       credentials.add_federated),
        get(site,  f"{_ONE}/credentials/federated/remove", removal.of_federated),
        post(site, f"{_ONE}/credentials/federated/remove", credentials.remove_federated),
        get(site,  f"{_ONE}/credentials/federated/{{credential}}", credentials.federated),
        post(site, f"{_ONE}/credentials/federated/{{credential}}", credentials.change_federated),
        get(site,  f"{_ONE}/claims",                      claims.claims),
        post(site, f"{_ONE}/claims",                      claims.save),
        get(site,  f"{_ONE}/permissions",                 permissions.permissions),
        get(site,  f"{_ONE}/permissions/add",             permissions.choose_api),
        post(site, f"{_ONE}/permissions/add",             permissions.save),
        post(site, f"{_ONE}/permissions/remove",          permissions.remove),
        get(site,  f"{_ONE}/permissions/grant",           permissions.confirm_grant),
        post(site, f"{_ONE}/permissions/grant",           permissions.grant),
        get(site,  f"{_ONE}/expose",                      expose.expose),
        post(site, f"{_ONE}/expose/uris",                 expose.save_uris),
        get(site,  f"{_ONE}/expose/scopes/new",           expose.scope_form),
        post(site, f"{_ONE}/expose/scopes/new",           expose.save_scope),
        post(site, f"{_ONE}/expose/scopes/remove",        expose.remove_scope),
        post(site, f"{_ONE}/expose/scopes/switch",        expose.switch_scope),
        get(site,  f"{_ONE}/expose/scopes/{{scope}}",     expose.scope_form),
        post(site, f"{_ONE}/expose/scopes/{{scope}}",     expose.save_scope),
        post(site, f"{_ONE}/expose/clients",              expose.add_client),
        post(site, f"{_ONE}/expose/clients/remove",       expose.remove_client),
        get(site,  f"{_ONE}/roles",                       roles.roles),
        get(site,  f"{_ONE}/roles/new",                   roles.role_form),
        post(site, f"{_ONE}/roles/new",                   roles.save_role),
        post(site, f"{_ONE}/roles/remove",                roles.remove_role),
        post(site, f"{_ONE}/roles/switch",                roles.switch_role),
        get(site,  f"{_ONE}/roles/{{role}}",              roles.role_form),
        post(site, f"{_ONE}/roles/{{role}}",              roles.save_role),
        get(site,  f"{_ONE}/owners",                      owners.owners),
        post(site, f"{_ONE}/owners/add",                  owners.add),
        post(site, f"{_ONE}/owners/remove",               owners.remove),
        get(site,  f"{_ONE}/manifest",                    manifest.manifest),
        post(site, f"{_ONE}/manifest",                    manifest.save),
        post(site, f"{_ONE}/manifest/check",              manifest.check),
        get(site,  f"{_ONE}/manifest/download",           manifest.download),
        get(site,  f"{_ONE}/properties",                  properties.properties),
        post(site, f"{_ONE}/properties",                  properties.save),
        get(site,  f"{_ONE}/delete",                      deletion.confirm),
        post(site, f"{_ONE}/delete",                      deletion.delete),
    ]
    # fmt: on
