"""Certificates & secrets: what the application proves itself with, until when, and when it last did."""

from base64 import b64encode
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.responses import Response

from entrada.core.directory.administration.problem import Problem, bad
from entrada.core.directory.application import Application
from entrada.core.directory.graph.key_credential import key_json
from entrada.core.jose.numeric_date import NumericDate, as_datetime
from entrada.server.usecases.administer.application_credentials import AddedPassword, add_password, remove_password
from entrada.server.usecases.administer.federated_credentials import (
    change_federated_credential,
    create_federated_credential,
    delete_federated_credential,
    find_federated_credential,
)
from entrada.server.web.portal.applications.desk import AT, LIST, beside, change, entry_field, opened, settled, show
from entrada.server.web.portal.applications.expiry import SOON
from entrada.server.web.portal.door import Visitor, problem_page
from entrada.server.web.signed_in.form import Form

_HERE: Final = "/credentials"
_DAY: Final = 86_400
LIFETIMES: Final = (
    ("180", "180 days (recommended)"),
    ("90", "90 days"),
    ("365", "One year"),
    ("730", "Two years"),
    ("other", "Until the day below"),
)
_FIELDS: Final = {  # of the forms, by what a problem calls them
    "passwordCredential.displayName": "secretName",
    "passwordCredential.endDateTime": "endDate",
    "keyCredentials": "certificate",
    "audiences": "audience",
}


_STALE: Final = 412
_SENT_TWICE: Final = Problem(
    status=409,
    code="Request_BadRequest",
    message="No secret was made: the application has changed since the form was opened. "
    "If the page was loaded again after a secret was made, that secret stands below; it is shown that once only.",
)


async def credentials(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    return await _credentials(visitor, problem, entered)


async def _credentials(
    visitor: Visitor, problem: Problem | None = None, entered: Form | None = None, made: AddedPassword | None = None
) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    uses = await visitor.here.store.list_uses(desk.app.tenant_id, desk.app.app_id)
    return show(
        desk,
        "portal/applications/credentials.html",
        "Certificates & secrets",
        beside(problem, _FIELDS),
        None if made else entered,
        used={one.key_id: one.at for one in uses},
        lifetimes=LIFETIMES,
        soon=SOON,
        made=made,
        issuer=f"{visitor.here.origin}/{desk.app.tenant_id}/v2.0",
    )


async def add_secret(visitor: Visitor, form: Form) -> Response:
    """The answer itself shows the secret, once: no address leads to it.

    A form makes one secret: sent again, it has seen an older version of the application.
    """
    end = _end(form, visitor.here.clock())
    if isinstance(end, Problem):
        return await credentials(visitor, end, form)
    wanted = {"displayName": form.get("secretName").strip(), "endDateTime": end}
    written = {"passwordCredential": wanted}
    made = await add_password(visitor.here, visitor.actor, visitor.param("id"), written, form.seen)
    if isinstance(made, Problem) and made.status == _STALE:
        return await credentials(visitor, _SENT_TWICE)
    if isinstance(made, Problem):
        return await credentials(visitor, made, form)
    return await _credentials(visitor, made=made)


async def remove_secret(visitor: Visitor, form: Form) -> Response:
    answer = await remove_password(visitor.here, visitor.actor, visitor.param("id"), {"keyId": form.get("key")})
    return await _settled(visitor, form, answer, "The secret is removed: it opens nothing any more.")


async def add_certificate(visitor: Visitor, form: Form) -> Response:
    uploaded = form.files.get("file")
    key = b64encode(uploaded).decode("ascii") if uploaded else form.get("certificate").strip()

    def compose(app: Application) -> Mapping[str, object] | Problem:
        if not key:
            return bad(
                "Paste the certificate, or choose its file (.cer, .pem, .crt): the public part alone.", "certificate"
            )
        entry = {
            "type": "AsymmetricX509Cert",
            "usage": "Verify",
            "key": key,
            "displayName": form.text("certificateName"),
        }
        return {"keyCredentials": [*_keys(app), entry]}

    return await change(visitor, form, compose, _certificate_again, said="The certificate is added.", back=_HERE)


async def remove_certificate(visitor: Visitor, form: Form) -> Response:
    def compose(app: Application) -> Mapping[str, object]:
        return {"keyCredentials": [one for one in _keys(app) if one["keyId"] != form.get("key")]}

    return await change(visitor, form, compose, credentials, said="The certificate is removed.", back=_HERE)


async def add_federated(visitor: Visitor, form: Form) -> Response:
    members = {"name": form.get("name").strip(), **_federated(form)}
    answer = await create_federated_credential(visitor.here, visitor.actor, visitor.param("id"), members)
    return await _settled(visitor, form, answer, "The federated credential is added.")


async def federated(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    desk = await opened(visitor)
    if isinstance(desk, Response):
        return desk
    found = await find_federated_credential(visitor.here, visitor.actor, desk.app.id, visitor.param("credential"))
    if isinstance(found, Problem):
        return problem_page(visitor, found, at=AT, crumbs=[LIST, (desk.app.display_name, desk.path)])
    template, crumb = "portal/applications/federated.html", ("Certificates & secrets", desk.path + _HERE)
    said = beside(problem, _FIELDS)
    return show(desk, template, f"Federated credential {found.name}", said, entered, (crumb,), credential=found)


async def change_federated(visitor: Visitor, form: Form) -> Response:
    answer = await change_federated_credential(
        visitor.here, visitor.actor, visitor.param("id"), visitor.param("credential"), _federated(form), form.seen
    )
    said, path = "The federated credential is changed.", f"/portal/applications/{visitor.param('id')}{_HERE}"
    return await settled(visitor, form, answer, federated, said=said, path=path)


def _federated(form: Form) -> dict[str, object]:
    return {
        "issuer": form.get("issuer").strip(),
        "subject": form.get("subject").strip(),
        "audiences": [form.get("audience").strip()],
        "description": form.text("description"),
    }


async def remove_federated(visitor: Visitor, form: Form) -> Response:
    answer = await delete_federated_credential(visitor.here, visitor.actor, visitor.param("id"), form.get("credential"))
    return await _settled(visitor, form, answer, "The federated credential is removed.")


async def _settled(visitor: Visitor, form: Form, answer: object, said: str) -> Response:
    path = f"/portal/applications/{visitor.param('id')}{_HERE}"
    return await settled(visitor, form, answer, credentials, said=said, path=path)


async def _certificate_again(visitor: Visitor, problem: Problem | None = None, entered: Form | None = None) -> Response:
    named = entry_field(problem)
    return await credentials(visitor, beside(named, {"key": "certificate", "displayName": "certificateName"}), entered)


def _keys(app: Application) -> list[dict[str, object]]:
    return [key_json(one) for one in app.certificates]


def _end(form: Form, now: NumericDate) -> str | Problem:
    """Graph's endDateTime of what was chosen."""
    chosen = form.get("lifetime")
    if chosen.isascii() and chosen.isdigit() and len(chosen) < 6:
        return _written(as_datetime(now) + timedelta(seconds=int(chosen) * _DAY))
    try:
        day = datetime.strptime(form.get("endDate"), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        return bad("Choose the last day, as in 2027-01-31.", "endDate")
    return _written(day)


def _written(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
