"""`entrada app secret`, `certificate` and `federated`: what an application proves itself with.  Section 20."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import BinaryIO

import click
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from entrada.cli.desk import Desk, Json, desk_options
from entrada.cli.named import application
from entrada.cli.shown import Columns, output_option, show_all, show_one


@click.group()
def secret() -> None:
    """Make and remove client secrets."""


@secret.command("add")
@click.argument("name")
@click.option("--label", default="command line", show_default=True, help="What it is for.")
@click.option("--days", type=click.IntRange(1, 3650), default=180, show_default=True, help="How long it serves.")
@output_option
@desk_options
def secret_add(name: str, *, desk: Desk, label: str, days: int, output: str) -> None:
    """Make a secret.  It is shown this once."""
    ends = (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    credential = {"displayName": label, "endDateTime": ends}
    path = f"/applications/{application(desk, name)['id']}/addPassword"
    made = desk.post(path, {"passwordCredential": credential})
    columns: Columns = {
        "secret": lambda one: one["secretText"],
        "key id": lambda one: one["keyId"],
        "ends": lambda one: one["endDateTime"],
    }
    show_one(made, columns, output)


@secret.command("remove")
@click.argument("name")
@click.argument("key_id")
@desk_options
def secret_remove(name: str, key_id: str, *, desk: Desk) -> None:
    """Remove a secret: from now on it opens nothing."""
    desk.post(f"/applications/{application(desk, name)['id']}/removePassword", {"keyId": key_id})


# ---- certificates ----


@click.group()
def certificate() -> None:
    """Add and remove certificates."""


@certificate.command("add")
@click.argument("name")
@click.argument("file", type=click.File("rb"))
@click.option("--label", default="command line", show_default=True, help="What it is for.")
@desk_options
def certificate_add(name: str, file: BinaryIO, *, desk: Desk, label: str) -> None:
    """Let a certificate prove who the application is.

    FILE holds the certificate, in PEM or DER, without its private key.
    """
    added = {"type": "AsymmetricX509Cert", "usage": "Verify", "displayName": label, "key": _der(file)}
    found = application(desk, name)["id"]
    desk.patch(f"/applications/{found}", {"keyCredentials": [*_keys(desk, found), added]})


@certificate.command("remove")
@click.argument("name")
@click.argument("key_id")
@desk_options
def certificate_remove(name: str, key_id: str, *, desk: Desk) -> None:
    """Remove a certificate: from now on it proves nothing."""
    found = application(desk, name)["id"]
    before = _keys(desk, found)
    after = [one for one in before if one["keyId"] != key_id.lower()]
    if len(after) == len(before):
        raise click.ClickException(f"The application has no certificate {key_id}.")
    desk.patch(f"/applications/{found}", {"keyCredentials": after})


def _keys(desk: Desk, object_id: str) -> list[Json]:
    """With the certificates themselves, which a list that replaces them must hold."""
    kept: list[Json] = desk.get(f"/applications/{object_id}?$select=id,keyCredentials")["keyCredentials"]
    return kept


def _der(file: BinaryIO) -> str:
    data = file.read(1 << 20)
    try:
        read = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
        return b64encode(read(data).public_bytes(Encoding.DER)).decode()
    except ValueError:
        raise click.ClickException(f"{file.name} holds no certificate in PEM or DER.") from None


# ---- tokens of other issuers ----


@click.group()
def federated() -> None:
    """Trust other issuers' tokens, such as a CI system's."""


@federated.command("list")
@click.argument("name")
@output_option
@desk_options
def federated_list(name: str, *, desk: Desk, output: str) -> None:
    """List what is trusted."""
    columns: Columns = {
        "name": lambda one: one["name"],
        "issuer": lambda one: one["issuer"],
        "subject": lambda one: one["subject"],
    }
    path = f"/applications/{application(desk, name)['id']}/federatedIdentityCredentials"
    show_all(desk.every(path), columns, output, "It trusts no other issuer.")


@federated.command("add")
@click.argument("name")
@click.argument("label")
@click.option("--issuer", required=True, metavar="URL", help="Who signs the tokens, such as https://ci.example.com.")
@click.option("--subject", required=True, help="Whose tokens: exactly what stands in their sub.")
@click.option(
    "--audience", default="api://AzureADTokenExchange", show_default=True, help="Whom the tokens are for: their aud."
)
@desk_options
def federated_add(name: str, label: str, *, desk: Desk, issuer: str, subject: str, audience: str) -> None:
    """Let a token of another issuer prove who the application is.

    LABEL is what the credential is called.
    """
    body = {"name": label, "issuer": issuer, "subject": subject, "audiences": [audience]}
    desk.post(f"/applications/{application(desk, name)['id']}/federatedIdentityCredentials", body)


@federated.command("remove")
@click.argument("name")
@click.argument("label")
@desk_options
def federated_remove(name: str, label: str, *, desk: Desk) -> None:
    """Trust it no more."""
    path = f"/applications/{application(desk, name)['id']}/federatedIdentityCredentials"
    found = next((one for one in desk.every(path) if label in (one["name"], one["id"])), None)
    if found is None:
        raise click.ClickException(f"The application has no federated credential {label}.")
    desk.delete(f"{path}/{found['id']}")
