"""`entrada gateway apply`, `export`, `import` and `apis`, on the folder that `entrada up` made."""

from __future__ import annotations

import shutil
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from entrada.cli.places import COLORS
from tests.cli.conftest import Entrada, Production

FILE = """\
apis:
  - id: shades
    displayName: Shades
    path: shades
    serviceUrl: https://shades.example
    policyFile: policies/shades.xml
    operations:
      - {id: list, displayName: List, method: GET, urlTemplate: /}
"""
POLICY = "<policies>\n  <inbound>\n    <base />\n  </inbound>\n</policies>\n"
OPENAPI = (
    '{"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"}, '
    '"paths": {"/orders": {"get": {"responses": {"200": {"description": "ok"}}}}}}'
)


def written(folder: Path, text: str = FILE, policy: str = POLICY) -> Path:
    (folder / "policies").mkdir(exist_ok=True)
    (folder / "policies" / "shades.xml").write_text(policy)
    (folder / "gateway.yaml").write_text(text)
    return folder / "gateway.yaml"


def test_a_file_is_shown_applied_and_exported(entrada: Entrada, development: Path, tmp_path: Path) -> None:
    file = written(tmp_path)
    shown = entrada("gateway", "apply", "-f", file, "--dry-run", ENTRADA_DATA_DIR=str(development))
    assert shown.exit_code == 0
    assert "+ API shades\n+ policies of apis/shades\n+ operation shades/list\n" in shown.output
    assert "3 to add, 0 to change, 0 to remove, 0 as they are." in shown.output
    assert entrada("gateway", "apply", "-f", file, ENTRADA_DATA_DIR=str(development)).exit_code == 2
    assert "Done." in entrada("gateway", "apply", "-f", file, "--yes", ENTRADA_DATA_DIR=str(development)).output
    again = entrada("gateway", "apply", "-f", file, "--yes", ENTRADA_DATA_DIR=str(development)).output
    assert "3 as they are" in again
    assert "Done." not in again
    listed = entrada("gateway", "apis", ENTRADA_DATA_DIR=str(development)).output
    assert "shades  /shades  https://shades.example  Shades" in listed
    exported = tmp_path / "exported.yaml"
    done = entrada("gateway", "export", "-o", exported, ENTRADA_DATA_DIR=str(development))
    assert (done.exit_code, exported.stat().st_mode & 0o777) == (0, 0o600)
    same = entrada("gateway", "apply", "-f", exported, "--prune", "--dry-run", ENTRADA_DATA_DIR=str(development)).output
    assert "0 to add, 0 to change, 0 to remove, 3 as they are." in same


def test_every_fault_has_its_line_and_nothing_is_changed(entrada: Entrada, development: Path, tmp_path: Path) -> None:
    file = written(tmp_path, FILE.replace("path: shades", "path: /shades").replace("method: GET", "method: G T"))
    done = entrada("gateway", "apply", "-f", file, "--yes", ENTRADA_DATA_DIR=str(development))
    assert done.exit_code == 1
    assert f"{file}:4:11: A path is segments" in done.output
    assert f"{file}:8:47: A method is one word" in done.output
    assert "Nothing was changed." in done.output
    file = written(tmp_path, policy="<policies>\n <inbound>\n  <no-such/>\n </inbound>\n</policies>")
    done = entrada("gateway", "apply", "-f", file, "--yes", ENTRADA_DATA_DIR=str(development))
    assert f"{file}:6:17: policies/shades.xml:3:3: " in done.output
    assert "shades" not in entrada("gateway", "apis", ENTRADA_DATA_DIR=str(development)).output


def test_an_api_is_made_of_an_openapi_file_and_renewed(entrada: Entrada, development: Path, tmp_path: Path) -> None:
    file = tmp_path / "shop.json"
    file.write_text(OPENAPI)
    options = ("--path", "shop", "--service-url", "https://shop.example", "--no-subscription")
    made = entrada("gateway", "import", file, *options, ENTRADA_DATA_DIR=str(development))
    assert (made.exit_code, made.output) == (0, "Shop at /shop, with 1 operations.\n")
    file.write_text(OPENAPI.replace('"get"', '"put"'))
    again = ("gateway", "import", file, "--path", "shop")
    asked = entrada(*again, ENTRADA_DATA_DIR=str(development))
    assert (asked.exit_code, "say --yes" in asked.output) == (2, True)
    shown = entrada(*again, "--dry-run", ENTRADA_DATA_DIR=str(development)).output
    assert "+ operation shop/put-orders\n- operation shop/get-orders\n" in shown
    assert "operations" not in shown
    renewed = entrada(*again, "--yes", ENTRADA_DATA_DIR=str(development))
    assert renewed.output.endswith("as they are.\nShop at /shop, with 1 operations; 1 removed.\n")
    assert "https://shop.example" in entrada("gateway", "apis", ENTRADA_DATA_DIR=str(development)).output
    file.write_text(OPENAPI.replace("3.0.3", "2.0"))
    refused = entrada("gateway", "import", file, "--path", "shop", ENTRADA_DATA_DIR=str(development))
    assert (refused.exit_code, "#/openapi" in refused.output) == (1, True)


def test_an_api_is_not_imported_over_another(entrada: Entrada, development: Path, tmp_path: Path) -> None:
    file, options = tmp_path / "shop.json", ("--path", "shop", "--service-url", "https://shop.example", "--yes")
    file.write_text(OPENAPI)
    where = {"ENTRADA_DATA_DIR": str(development)}
    assert entrada("gateway", "import", file, *options, "--dry-run", **where).output.startswith("+ API shop\n")
    assert "shop" not in entrada("gateway", "apis", **where).output
    entrada("gateway", "import", file, *options, **where)
    file.write_text(OPENAPI.replace("Shop", "Pets"))
    refused = entrada("gateway", "import", file, *options, **where)
    assert (refused.exit_code, "The document is of Pets, and /shop is Shop (shop)." in refused.output) == (1, True)
    assert "Pets" not in entrada("gateway", "apis", **where).output
    assert entrada("gateway", "import", file, *options, "--replace", **where).exit_code == 0
    assert "Pets" in entrada("gateway", "apis", **where).output


@pytest.mark.parametrize("where", ["development", "production"])
def test_a_document_within_the_own_network_is_fetched_where_it_may_be(
    entrada: Entrada, development: Path, production: Production, where: str
) -> None:
    ours = {"ENTRADA_GATEWAY_ORIGIN": "https://api.example.com", "ENTRADA_GATEWAY_TENANT": COLORS}
    shutil.copy(development / "entrada.sqlite3", production.folder / "entrada.sqlite3")
    settings = {"development": {"ENTRADA_DATA_DIR": str(development)}, "production": {**production.environment, **ours}}
    if where == "production":
        settings[where] |= {"ENTRADA_MASTER_KEY": "", "ENTRADA_MASTER_KEY_FILE": str(development / "master.key")}
    with ThreadingHTTPServer(("127.0.0.1", 0), _Documents) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        call = ("gateway", "import", f"http://localhost:{server.server_port}/", "--path", "shop", "--dry-run")
        refused = entrada(*call, **settings[where])
        fetched = entrada(*call, **settings[where], ENTRADA_EGRESS_ALLOW="localhost")
        server.shutdown()
    assert (refused.exit_code, "ENTRADA_EGRESS_ALLOW" in refused.output) == (1, True)
    assert (fetched.exit_code, "+ API shop\n" in fetched.output) == (0, True), fetched.output


class _Documents(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(OPENAPI)))
        self.end_headers()
        self.wfile.write(OPENAPI.encode())

    def log_message(self, *_: object) -> None:
        pass


def test_a_document_that_is_not_there_is_said_to_be_missing(entrada: Entrada, development: Path) -> None:
    done = entrada("gateway", "import", "/nowhere.json", "--path", "x", ENTRADA_DATA_DIR=str(development))
    assert done.output == "entrada: /nowhere.json cannot be read: No such file or directory.\n"


def test_what_is_unwise_is_told_where_it_stands(entrada: Entrada, development: Path, tmp_path: Path) -> None:
    file = written(tmp_path, policy=POLICY.replace("<base />", ""))
    done = entrada("gateway", "apply", "-f", file, "--dry-run", ENTRADA_DATA_DIR=str(development))
    assert f"{file}:6:17: warning: policies/shades.xml:2:3: Without <base />" in done.output
    assert done.exit_code == 0


def test_faults_of_all_kinds_are_told_at_once(entrada: Entrada, development: Path, tmp_path: Path) -> None:
    values = "namedValues:\n  - {id: one, displayName: one, value: {environment: NOWHERE_SET}, secret: true}\n"
    broken = FILE.replace("path: shades", "path: /shades") + "    nonsense: 1\n" + "no-section: 1\n"
    done = entrada("gateway", "apply", "-f", written(tmp_path, values + broken), ENTRADA_DATA_DIR=str(development))
    assert done.output.count("NOWHERE_SET is not set") == 1
    assert len([line for line in done.output.splitlines() if f"{tmp_path / 'gateway.yaml'}:2:" in line]) == 1
    assert "nonsense" in done.output
    assert "There is no section no-section" in done.output
    file = written(tmp_path, FILE.replace("path: shades", "path: /shades"), POLICY.replace("<base />", "<no-such/>"))
    done = entrada("gateway", "apply", "-f", file, ENTRADA_DATA_DIR=str(development))
    assert "4:11: A path is segments" in done.output
    assert "policies/shades.xml:3:5: " in done.output


def test_production_without_a_gateway_says_what_to_set(entrada: Entrada, production: Production) -> None:
    done = entrada("gateway", "apis", **production.environment)
    assert (done.exit_code, "ENTRADA_GATEWAY_ORIGIN" in done.output) == (1, True)
