"""The paths of the policy editor.  Whose document it is, the query says, and forms say: ids hold no slash, paths do."""

from starlette.routing import BaseRoute

from entrada.server.web.http.site import Site
from entrada.server.web.portal.gateway.desk import POLICIES, get, post
from entrada.server.web.portal.gateway.policies import editor, effective_page, hints, trial_page


def routes(site: Site) -> list[BaseRoute]:
    # fmt: off
    return [
        get(site,  POLICIES,                editor.show_editor),
        post(site, POLICIES,                editor.save),
        post(site, f"{POLICIES}/check",     hints.check),
        post(site, f"{POLICIES}/complete",  hints.complete),
        get(site,  f"{POLICIES}/remove",    editor.ask_to_remove),
        post(site, f"{POLICIES}/remove",    editor.remove),
        get(site,  f"{POLICIES}/effective", effective_page.show_effective),
        get(site,  f"{POLICIES}/try",       trial_page.start),
        post(site, f"{POLICIES}/try",       trial_page.run),
    ]
    # fmt: on
