"""The gateway's nouns as JSON under Azure's names: there and back, and what is wrong with it, by member."""

import json

import pytest

from entrada.core.gateway.entities.api import Api
from entrada.core.gateway.entities.authorization_server import AuthorizationServer
from entrada.core.gateway.entities.operation import Operation
from entrada.core.gateway.entities.subscription import Subscription
from entrada.core.gateway.members.read import from_json
from entrada.core.gateway.members.written import as_json
from entrada.server.usecases.gateway.records import OperationOfApi, Policy
from tests.gateway.test_configuration_records import NOUNS

OWN = [one.operation if isinstance(one, OperationOfApi) else one for one in NOUNS if not isinstance(one, Policy)]


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("noun", OWN, ids=lambda one: one.display_name)
def test_a_noun_comes_back(noun, whole):
    written = json.loads(json.dumps(as_json(noun, whole=whole)))
    assert from_json(type(noun), written) == noun


def test_names_are_azures():
    server = as_json(next(one for one in OWN if isinstance(one, AuthorizationServer)))
    assert {"grantTypes", "authorizationEndpoint", "clientSecret", "useInTestConsole", "id"} <= server.keys()
    assert server["tokenBodyParameters"] == [{"name": "resource", "value": "r"}]
    api = as_json(next(one for one in OWN if isinstance(one, Api)))
    settings = api["authenticationSettings"]
    assert settings["oAuth2AuthenticationSettings"] == [{"authorizationServerId": "s", "scope": None}]
    assert as_json(OWN[3])["createdDate"] == "1970-01-01T00:00:01Z"


@pytest.mark.parametrize(
    ("kind", "given", "target"),
    [
        (Api, {"id": "a", "displayName": "A", "colour": "red"}, "colour"),
        (Api, {"id": "a"}, "displayName"),
        (Api, {"id": "a", "displayName": 7}, "displayName"),
        (Api, {"id": "a", "displayName": "A", "subscriptionRequired": "yes"}, "subscriptionRequired"),
        (Api, {"id": "a", "displayName": "A", "protocols": ["ftp"]}, "protocols[0]"),
        (Api, {"id": "a", "displayName": "A", "protocols": "https"}, "protocols"),
        (Api, {"id": "a", "displayName": "A", "authenticationSettings": []}, "authenticationSettings"),
        (
            Api,
            {"id": "a", "displayName": "A", "subscriptionKeyParameterNames": {"cookie": "x"}},
            "subscriptionKeyParameterNames.cookie",
        ),
        (
            Operation,
            {"id": "a", "displayName": "A", "method": "GET", "urlTemplate": "/", "responses": [{"statusCode": True}]},
            "responses[0].statusCode",
        ),
        (
            Subscription,
            {"id": "a", "displayName": "A", "scope": "/apis", "primaryKey": "", "secondaryKey": "", "createdDate": "x"},
            "createdDate",
        ),
    ],
)
def test_what_is_wrong_is_named(kind, given, target):
    assert [one.target for one in from_json(kind, given)] == [target]


def test_everything_wrong_is_told_at_once():
    assert len(from_json(Api, {"displayName": 1, "path": 2, "more": 3})) == 4
