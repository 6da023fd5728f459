"""What a credential plugin answers kubectl and client-go.  Kubernetes client.authentication.k8s.io, v1 and v1beta1."""

import json
from collections.abc import Mapping
from typing import Final, cast

import click

GROUP: Final = "client.authentication.k8s.io"
_VERSIONS: Final = (f"{GROUP}/v1", f"{GROUP}/v1beta1")


def exec_credential(token: str, expires: str, asked: str | None) -> str:
    """*asked* is KUBERNETES_EXEC_INFO; without, v1 is answered, for whoever tries it by hand."""
    credential = {
        "apiVersion": _version(asked),
        "kind": "ExecCredential",
        "status": {"token": token, "expirationTimestamp": expires},
    }
    return json.dumps(credential)


def may_ask(asked: str | None) -> bool:
    """Whether kubectl lends its terminal: `spec.interactive`; where it does not ask, nothing is known against it."""
    spec = _members(asked).get("spec") if asked else None
    return not (isinstance(spec, dict) and cast("Mapping[str, object]", spec).get("interactive") is False)


def _version(asked: str | None) -> str:
    if not asked:
        return _VERSIONS[0]
    version = _members(asked).get("apiVersion")
    if version not in _VERSIONS:
        raise click.UsageError(
            f"kubectl asks for {version!r}; the apiVersion in the kubeconfig must be {' or '.join(_VERSIONS)}."
        )
    return str(version)


def _members(asked: str) -> Mapping[str, object]:
    try:
        found = json.loads(asked)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise click.UsageError("KUBERNETES_EXEC_INFO is no JSON object. Unset it, unless kubectl set it.")
    return cast("Mapping[str, object]", found)
