"""The gateway as a file: what it asks for, what is wrong with it and where, and that it comes back as it was."""

from __future__ import annotations

import asyncio
from importlib.resources import files
from typing import Any, Final

import pytest
from attrs import evolve

from entrada.core.gateway.configuration import OF_ALL, PolicyScope, policy_faults
from entrada.core.gateway.entities.ids import ApiId, AuthorizationServerId, OperationId
from entrada.core.jose.numeric_date import NumericDate
from entrada.server.usecases.gateway.file.apply import GatewayFileRefused, GatewayPlan, apply_gateway, plan_gateway
from entrada.server.usecases.gateway.file.write import export_gateway
from entrada.server.usecases.gateway.load import load_configuration
from entrada.server.usecases.gateway.policies import save_policy
from tests.plugins.platforms import InProcess
from tests.usecases.acting import OPERATOR, TENANT, activities, audits, run

SEED: Final = files("entrada.server").joinpath("development-gateway.yaml").read_text(encoding="utf-8")
COLORS: Final = files("entrada.samples.colors")
WHOLE: Final = """\
policy: |
  <policies>
    <inbound />
  </policies>
namedValues:
  - id: limit
    displayName: limit
    value: "5"
  - {id: key, displayName: key, secret: true, value: {environment: KEY}}
openidConnectProviders:
  - {id: oidc, displayName: O, metadataEndpoint: https://x.example/m, clientId: c, clientSecret: {environment: KEY}}
apis:
  - id: shades
    displayName: Shades
    path: shades
    policy: |
      <policies>
        <inbound>
          <base />
          <rate-limit calls="{{limit}}" renewal-period="60" />
        </inbound>
      </policies>
    operations:
      - {id: list, displayName: List, method: GET, urlTemplate: /}
      - id: one
        displayName: One
        method: GET
        urlTemplate: /{name}
        policyFile: one.xml
products:
  - id: starter
    displayName: Starter
    apis: [shades]
    policy: <policies><inbound><base /></inbound></policies>
subscriptions:
  - {id: mine, displayName: Mine, scope: /products/starter}
"""
BESIDE: Final = {"one.xml": "<policies>\r\n<inbound>\t<base /></inbound></policies>"}
SECRET: Final = "of the environment"


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def planned(here: Any, text: str, *, prune: bool = False, environment: Any = None) -> Any:
    given = {"KEY": SECRET} if environment is None else environment
    return asyncio.run(plan_gateway(here, OPERATOR, text, BESIDE.get, given, prune=prune))


def apply(here: Any, text: str, *, prune: bool = False, environment: Any = None) -> GatewayPlan:
    plan = planned(here, text, prune=prune, environment=environment)
    assert isinstance(plan, GatewayPlan), plan
    run(apply_gateway(here, OPERATOR, plan))
    return plan


def faults(here: Any, text: str, **more: Any) -> list[str]:
    refused = planned(here, text, **more)
    assert isinstance(refused, GatewayFileRefused), refused
    return [str(one) for one in refused.faults]


def state(here: Any) -> Any:
    return asyncio.run(load_configuration(here, TENANT))


def test_a_file_is_applied_once(here: Any) -> None:
    first = apply(here, WHOLE, prune=True)
    assert len(first.diff.added) == 12
    made = state(here)
    assert made.policies[PolicyScope(api_id=ApiId("shades"), operation_id=OperationId("one"))] == BESIDE["one.xml"]
    assert made.named_values["key"].value == SECRET
    again = apply(here, WHOLE, prune=True)
    assert again.diff.is_empty
    assert again.diff.unchanged == 12
    assert state(here) == made
    assert activities(here) == ["Apply gateway file"]
    assert SECRET not in str(audits(here))


def test_what_is_exported_applies_again_and_changes_nothing(here: Any) -> None:
    apply(here, WHOLE, prune=True)
    text = run(export_gateway(here, OPERATOR))
    assert SECRET not in text
    assert "    policy: |\n      <policies>" in text
    assert planned(here, text, prune=True, environment={}).diff.is_empty


def test_an_export_makes_the_same_gateway_elsewhere_but_for_secrets(here: Any) -> None:
    apply(here, WHOLE, prune=True)
    text, before = run(export_gateway(here, OPERATOR)), state(here)
    apply(here, "policy: <policies/>", prune=True)
    assert state(here).apis == {}
    assert faults(here, text) == ["9:5: A value has 1 to 4096 characters."]
    given = text.replace("secret: true", "secret: true\n    value: {environment: KEY}")
    apply(here, given)
    after = state(here)
    assert (after.apis, after.operations, after.products) == (before.apis, before.operations, before.products)
    assert after.policies == before.policies
    assert after.subscriptions["mine"].primary_key != before.subscriptions["mine"].primary_key


def test_a_merge_removes_nothing_and_a_secret_that_is_not_said_stays(here: Any) -> None:
    apply(here, WHOLE, prune=True)
    plan = apply(here, "namedValues:\n  - {id: key, displayName: key, secret: true, tags: [a]}\n")
    assert [(one.what, one.members) for one in plan.diff.changed] == [("named value key", ("tags",))]
    assert not plan.diff.removed
    assert state(here).named_values["key"].value == SECRET


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("displayName: Shades", "displayName: 7", "14:18: This is a text; put it in quotes."),
        ("displayName: Shades", "colour: red", "14:13: There is no member colour; there are "),
        ("path: shades", "path: /shades", "15:11: A path is segments"),
        ('calls="{{limit}}"', 'calls="many"', "20:30: "),
        ("{{limit}}", "{{none}}", "20:30: No named value is called `none`."),
        ("policyFile: one.xml", "policyFile: two.xml", "29:21: There is no file two.xml beside"),
        ("apis: [shades]", "apis: [other]", "31:5: There is no API other"),
        ("/products/starter", "/products/other", "36:5: /products/other"),
        ("urlTemplate: /{name}", "urlTemplate: /", "25:9: GET / of the API shades takes the same"),
        ("id: one\n", "id: list\n", "25:9: shades/list is written twice."),
        ("products:", "produce:", "There is no section produce"),
        ("apis:\n  - id: shades", "apis:\n  - \tid: shades", "This is not YAML"),
        ("environment: KEY}}", "environment: NONE}}", "The environment variable NONE is not set."),
        ("subscriptions:\n", "subscriptions: none\nx:\n", "This is a list"),
    ],
)  # fmt: skip
def test_faults_are_told_where_they_are(here: Any, old: str, new: str, expected: str) -> None:
    assert any(expected in one for one in faults(here, WHOLE.replace(old, new, 1)))
    assert activities(here) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('namedValues:\n- {id: s, displayName: s, value: "a\\ud800b"}', "2:34: This text is not Unicode"),
        ('products:\n- {"\\udfff": s}', "2:4: This text is not Unicode"),
        (
            "authorizationServers:\n- {id: s, displayName: s, clientId: c, tokenEndpoint: 'https://a.example;script-src'}",
            "its host of the letters",
        ),
    ],
)
def test_what_could_never_work_is_refused_with_its_place(here: Any, text: str, expected: str) -> None:
    assert any(expected in one for one in faults(here, text)), faults(here, text)


def test_numbers_of_schemas_come_back_as_they_went(here: Any) -> None:
    said = "[0, -7, 18446744073709551616, -9223372036854775809, 123456789012345678901234567890, 1e300, -0.0, 2.5]"
    apply(here, f"apis: [{{id: a, displayName: A, path: a, schemas: {{S: {{enum: {said}}}}}}}]", prune=True)
    first = state(here).apis["a"].schemas
    assert repr(first["S"]["enum"]) == said.replace("1e300", "1e+300")
    apply(here, run(export_gateway(here, OPERATOR)) + "\n", prune=True)
    assert repr(state(here).apis["a"].schemas) == repr(first)


def test_stored_policies_that_would_break_are_told_of(here: Any) -> None:
    apply(here, WHOLE, prune=True)
    text = "namedValues:\n  - {id: limit, displayName: limit, value: many}\n"
    assert "The stored policies of apis/shades would break at 4:24" in faults(here, text)[0]


def test_a_file_is_applied_to_the_gateway_as_it_is_by_then(here: Any) -> None:
    plan = planned(here, WHOLE)
    run(save_policy(here, OPERATOR, OF_ALL, "<policies><inbound></inbound></policies>"))
    here.clock.now = NumericDate(here.clock() + 5)
    run(apply_gateway(here, OPERATOR, plan))
    assert "shades" in state(here).apis


# ---- the seed ----


def test_the_seed_is_the_colors_api_with_its_policy(here: Any) -> None:
    beside = {"openapi.json", "policy.xml"}

    def read(name: str) -> str | None:
        return COLORS.joinpath(name).read_text(encoding="utf-8") if name in beside else None

    plan = asyncio.run(plan_gateway(here, OPERATOR, SEED, read, {}))
    assert isinstance(plan, GatewayPlan), plan
    run(apply_gateway(here, OPERATOR, plan))
    found = state(here)
    shapes = {(one.method, one.url_template) for one in found.operations[ApiId("colors")]}
    assert {("GET", "/"), ("POST", "/"), ("GET", "/random"), ("GET", "/{name}")} <= shapes
    assert found.apis[ApiId("colors")].schemas
    assert found.authorization_servers[AuthorizationServerId("colors")].client_secret == "console-dev-secret"
    assert list(policy_faults(found)) == []
    assert evolve(found.apis[ApiId("colors")], schemas={}).public_path == "/colors"
