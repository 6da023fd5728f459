"""The page on naming an authority: its code, run as printed, and the settings that it lists."""

import re

from entrada.client import Settings
from entrada.client.authority import CLOUDS, Shape
from tests.docs.examples import DOCS, blocks

PAGE = "how-to/name-an-authority.md"
TENANT = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def names():
    (code,) = blocks(PAGE, "python")
    found = {}
    exec(code, found)
    return found


def test_the_authorities_are_what_the_page_says_they_are():
    found = names()
    assert found["entra"].url == "https://login.microsoftonline.com/contoso.onmicrosoft.com"
    assert found["government"].url == f"https://login.microsoftonline.us/{TENANT}"
    assert found["any_other"].shape is Shape.OIDC
    for name in ("entra", "every_tenant", "government", "external", "entrada"):
        assert found[name].shape is Shape.ENTRA
        assert found[name].metadata_url == f"{found[name]}/v2.0/.well-known/openid-configuration"
    assert found["any_other"].metadata_url == f"{found['any_other']}/.well-known/openid-configuration"


def test_the_variables_are_read():
    text = (DOCS / PAGE).read_text("utf-8")
    found = names()
    by_variables = {
        "entra": {"AZURE_TENANT_ID": "contoso.onmicrosoft.com"},
        "government": {"ENTRADA_TENANT": TENANT, "ENTRADA_INSTANCE": "us-government"},
        "external": {"ENTRADA_AUTHORITY": found["external"].url},
        "any_other": {"ENTRADA_ISSUER": found["any_other"].url},
    }
    for name, variables in by_variables.items():
        assert Settings.from_environment({"ENTRADA_CLIENT_ID": "c", **variables}).authority == found[name]
        assert all(f"`{variable}`" in text for variable in variables)


def test_each_cloud_is_named():
    text = (DOCS / PAGE).read_text("utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| Entra, another cloud"))
    assert set(re.findall(r"`([a-z-]+)`", row.split("|")[1])) == CLOUDS.keys() - {"public"}
