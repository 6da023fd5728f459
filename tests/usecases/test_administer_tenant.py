"""The tenant itself as administrators keep it: names, looks, domains, policies."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import pytest
from attrs import evolve

from entrada.core.directory import directory_role as role
from entrada.core.directory.administration.actor import Actor
from entrada.core.directory.administration.problem import Problem
from entrada.core.directory.graph.organization_json import branding_json, domain_json, organization_json
from entrada.core.directory.graph.policies_json import (
    authorization_policy_json,
    security_defaults_json,
    settings_json,
    token_lifetime_policy_id,
    token_lifetime_policy_json,
)
from entrada.core.directory.policies import Policies, UserConsent
from entrada.core.directory.tenant import Branding, Tenant
from entrada.core.protocol.effects import PutEntity
from entrada.server.usecases.administer.branding import change_branding, change_logo
from entrada.server.usecases.administer.domains import (
    add_domain,
    change_domain,
    find_domain,
    list_domains,
    remove_domain,
)
from entrada.server.usecases.administer.organization import change_organization, find_organization
from entrada.server.usecases.administer.policies import (
    change_authorization_policy,
    change_security_defaults,
    change_settings,
    change_token_lifetime_policy,
    create_token_lifetime_policy,
    delete_token_lifetime_policy,
    find_policies,
)
from entrada.server.usecases.administer.users import change_user, create_user
from tests.plugins.platforms import InProcess
from tests.usecases.acting import CAI, OPERATOR, TENANT, activities, audits, ben, program, refused, run
from tests.web.seats import commit

ADMIN: Final = ben(role.GLOBAL_ADMINISTRATOR)
PNG: Final = b"\x89PNG\r\n\x1a\nlogo"
DEFINITION: Final = '{"TokenLifetimePolicy":{"Version":1,"AccessTokenLifetime":"02:00:00"}}'


@pytest.fixture
def here(in_process: InProcess) -> Any:
    return in_process.platform.here


def stored(here: Any) -> Tenant:
    found = asyncio.run(here.store.find_tenant(TENANT))
    assert isinstance(found, Tenant)
    return found


# fmt: off
CHANGES: dict[str, Any] = {
    "organization":    lambda here, actor: change_organization(here, actor, {"displayName": "New"}),
    "branding":        lambda here, actor: change_branding(here, actor, {"backgroundColor": "#0b6e4f"}),
    "logo":            lambda here, actor: change_logo(here, actor, PNG),
    "authorization":   lambda here, actor: change_authorization_policy(here, actor, {"defaultUserRolePermissions": {"allowedToCreateApps": False}}),
    "defaults":        lambda here, actor: change_security_defaults(here, actor, {"isEnabled": True}),
    "settings":        lambda here, actor: change_settings(here, actor, {"lockoutThreshold": 5}),
    "lifetime":        lambda here, actor: create_token_lifetime_policy(here, actor, {"definition": [DEFINITION]}),
}
# fmt: on


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize(
    ("actor", "may"),
    [
        pytest.param(ADMIN, True, id="global administrators"),
        pytest.param(OPERATOR, True, id="the operator"),
        pytest.param(ben(*(frozenset(role.ROLE_NAMES) - {role.GLOBAL_ADMINISTRATOR})), False, id="every other role"),
        pytest.param(ben(), False, id="ordinary members"),
        pytest.param(program("Directory.ReadWrite.All", "Policy.Read.All"), False, id="programs for other things"),
        pytest.param(
            program("Organization.ReadWrite.All", "Policy.ReadWrite.Authorization"), True, id="programs that may"
        ),
    ],
)
def test_who_changes_the_tenant(here: Any, change: str, actor: Actor, may: bool) -> None:
    done = asyncio.run(CHANGES[change](here, actor))
    assert (not isinstance(done, Problem)) == may, done
    assert len(activities(here)) == may
    if may:
        assert done == stored(here)
        assert done.version == stored(here).version


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_else_is_changed(here: Any, change: str) -> None:
    before = stored(here)
    after = run(CHANGES[change](here, ADMIN))
    same = {"organization": {"display_name"}, "branding": {"branding"}, "logo": {"branding"}}.get(change, {"policies"})
    assert evolve(after, **{name: getattr(before, name) for name in same}) == before


def test_the_second_of_two_is_told_what_the_first_did(here: Any) -> None:
    seen = stored(here).version
    run(change_security_defaults(here, ADMIN, {"isEnabled": True}, seen))
    problem = asyncio.run(change_organization(here, ADMIN, {"displayName": "x"}, seen))
    assert isinstance(problem, Problem)
    assert (problem.status, [one.target for one in problem.details]) == (412, ["policies"])


def test_the_organization_in_graphs_words(here: Any) -> None:
    members = {"displayName": "Цвета", "countryLetterCode": "at", "preferredLanguage": "de", "city": None, "id": "x"}
    shown = organization_json(run(change_organization(here, ADMIN, members)))
    assert {name: shown[name] for name in ("id", "displayName", "countryLetterCode", "preferredLanguage")} == {
        "id": TENANT,
        "displayName": "Цвета",
        "countryLetterCode": "AT",
        "preferredLanguage": "de",
    }
    assert shown["verifiedDomains"] == [
        {"capabilities": "", "isDefault": True, "isInitial": False, "name": "colors.example", "type": "Managed"}
    ]
    assert run(find_organization(here, ben())) == stored(here)


# fmt: off
NOT_CHANGED = [
    pytest.param(change_organization, {"displayName": ""},                                  "displayName",       id="no name"),
    pytest.param(change_organization, {"displayName": None},                                "displayName",       id="null for a name"),
    pytest.param(change_organization, {"displayName": "x" * 10_000},                        "displayName",       id="too long a name"),
    pytest.param(change_organization, {"countryLetterCode": "Austria"},                     "countryLetterCode", id="a country in full"),
    pytest.param(change_organization, {"city": "Graz"},                                     "city",              id="what is not kept"),
    pytest.param(change_organization, {"policies": {}},                                     "policies",          id="what is unknown"),
    pytest.param(change_branding, {"backgroundColor": "red; } body { display: none"},       "backgroundColor",   id="a style for a colour"),
    pytest.param(change_branding, {"backgroundColor": "#12345"},                            "backgroundColor",   id="five digits of a colour"),
    pytest.param(change_branding, {"signInPageText": "x" * 1025},                           "signInPageText",    id="too many words"),
    pytest.param(change_branding, {"signInPageText": "a\x00"},                              "signInPageText",    id="a control character"),
    pytest.param(change_branding, {"bannerLogo": "x"},                                      "bannerLogo",        id="a logo among the words"),
    pytest.param(change_security_defaults, {"isEnabled": "yes"},                            "isEnabled",         id="yes for true"),
    pytest.param(change_settings, {"lockoutThreshold": 0},                                  "lockoutThreshold",  id="no failure at all"),
    pytest.param(change_settings, {"lockoutThreshold": 51},                                 "lockoutThreshold",  id="too many failures"),
    pytest.param(change_settings, {"lockoutThreshold": True},                               "lockoutThreshold",  id="true for a number"),
    pytest.param(change_settings, {"lockoutDurationInSeconds": 4},                          "lockoutDurationInSeconds", id="too short a lock"),
    pytest.param(change_settings, {"accessTokenLifetimeInSeconds": 599},                    "accessTokenLifetimeInSeconds", id="too short a life"),
    pytest.param(change_settings, {"accessTokenLifetimeInSeconds": 86_401},                 "accessTokenLifetimeInSeconds", id="too long a life"),
    pytest.param(change_settings, {"bannedPasswords": ["abc"]},                             "bannedPasswords",   id="too short a word"),
    pytest.param(change_settings, {"bannedPasswords": ["x" * 17]},                          "bannedPasswords",   id="too long a word"),
    pytest.param(change_settings, {"bannedPasswords": ["abcd"] * 1001},                     "bannedPasswords",   id="too many words banned"),
    pytest.param(change_authorization_policy, {"allowInvitesFrom": "everyone"},             "allowInvitesFrom",  id="invitations"),
    pytest.param(change_authorization_policy, {"defaultUserRolePermissions": {"permissionGrantPoliciesAssigned": ["x"]}},
                 "defaultUserRolePermissions.permissionGrantPoliciesAssigned",                                   id="a consent policy that is unknown"),
    pytest.param(change_authorization_policy, {"defaultUserRolePermissions": {"allowedToCreateTenants": True}},
                 "defaultUserRolePermissions.allowedToCreateTenants",                                            id="tenants by anybody"),
]
# fmt: on


@pytest.mark.parametrize(("change", "members", "target"), NOT_CHANGED)
def test_what_is_refused(here: Any, change: Any, members: dict[str, object], target: str) -> None:
    before = stored(here)
    assert refused(change(here, ADMIN, members)) == (400, target)
    assert stored(here) == before
    assert activities(here) == []


# ---- looks ----


def test_looks_are_put_on_and_taken_off(here: Any) -> None:
    run(
        change_branding(
            here, ADMIN, {"backgroundColor": "#0B6E4F", "signInPageText": "Hi\r\n<script>alert(1)</script>"}
        )
    )
    run(change_logo(here, ADMIN, PNG))
    dressed = Branding(accent="#0b6e4f", logo=PNG, sign_in_text="Hi\n<script>alert(1)</script>")
    assert stored(here).branding == dressed
    assert branding_json(stored(here))["backgroundColor"] == "#0b6e4f"
    assert "logo" not in repr([one.targets for one in audits(here)]).replace("logoUrl", "")
    run(change_branding(here, ADMIN, {"backgroundColor": None, "signInPageText": None}))
    run(change_logo(here, ADMIN, None))
    assert stored(here).branding == Branding()
    assert activities(here) == ["Update company branding"] * 4


@pytest.mark.parametrize(
    "logo",
    [b"", b"<svg onload='alert(1)'/>", b"GIF89a", PNG + b"x" * 102_400],
    ids=["nothing", "a script in a picture", "another kind", "too large"],
)
def test_what_is_no_logo(here: Any, logo: bytes) -> None:
    assert refused(change_logo(here, ADMIN, logo)) == (400, "bannerLogo")
    assert stored(here).branding == Branding()


# ---- domains ----


def test_a_domain_is_added_made_the_default_and_removed(here: Any) -> None:
    run(add_domain(here, OPERATOR, {"id": "Hues.example"}))
    assert run(list_domains(here, ben())).domains == ("colors.example", "hues.example")
    run(change_domain(here, ADMIN, "HUES.example", {"isDefault": True}))
    assert domain_json(run(find_domain(here, ben(), "hues.example")), "hues.example")["isDefault"] is True
    assert refused(remove_domain(here, OPERATOR, "hues.example"))[0] == 400  # the default
    run(change_domain(here, ADMIN, "colors.example", {"isDefault": True}))
    assert run(remove_domain(here, OPERATOR, "hues.example")).domains == ("colors.example",)
    assert activities(here) == ["Add verified domain", "Remove verified domain", "Update domain", "Update domain"]


# fmt: off
NOT_ADDED = [
    pytest.param(ADMIN,    "hues.example",    403, id="an administrator: nothing here proves whose it is"),
    pytest.param(OPERATOR, "colors.example",  409, id="the own one once more"),
    pytest.param(OPERATOR, "petals.example",  409, id="another tenant's"),
    pytest.param(OPERATOR, "nonsense",        400, id="no domain"),
    pytest.param(OPERATOR, "a_b.example",     400, id="no name of a host"),
]
# fmt: on


@pytest.mark.parametrize(("actor", "name", "status"), NOT_ADDED)
def test_which_domains_are_not_added(here: Any, actor: Actor, name: str, status: int) -> None:
    assert refused(add_domain(here, actor, {"id": name}))[0] == status
    assert stored(here).domains == ("colors.example",)


def test_a_domain_that_names_somebody_stays(here: Any) -> None:
    run(add_domain(here, OPERATOR, {"id": "hues.example"}))
    run(change_user(here, OPERATOR, CAI, {"userPrincipalName": "cai@hues.example"}))
    assert refused(remove_domain(here, ADMIN, "hues.example"))[0] == 403
    assert refused(remove_domain(here, OPERATOR, "hues.example"))[0] == 400
    run(change_user(here, OPERATOR, CAI, {"userPrincipalName": "cai@colors.example"}))
    run(remove_domain(here, OPERATOR, "hues.example"))
    assert refused(remove_domain(here, OPERATOR, "hues.example"))[0] == 404
    assert refused(change_domain(here, ADMIN, "hues.example", {"isDefault": True}))[0] == 404
    assert refused(change_domain(here, ADMIN, "colors.example", {"isDefault": False})) == (400, "isDefault")


# ---- policies ----


def test_every_policy_can_be_changed(here: Any) -> None:
    """Whatever is added to the noun is missing here until it can be."""
    run(
        change_authorization_policy(
            here,
            ADMIN,
            {"defaultUserRolePermissions": {"allowedToCreateApps": False, "permissionGrantPoliciesAssigned": []}},
        )
    )
    run(change_security_defaults(here, ADMIN, {"isEnabled": True}))
    members = {
        "accessTokenLifetimeInSeconds": 1800,
        "bannedPasswords": ["Hues", "hues", "tints"],
        "lockoutDurationInSeconds": 90,
        "lockoutThreshold": 5,
        "passwordGrantEnabled": True,
    }
    run(change_settings(here, ADMIN, members))
    usual, now = Policies(), stored(here).policies
    assert now.user_consent is UserConsent.NONE
    assert now.banned_passwords == ("hues", "tints")
    assert [one for one in Policies.__attrs_attrs__ if getattr(usual, one.name) == getattr(now, one.name)] == []


# fmt: off
CONSENT = [
    pytest.param(UserConsent.ALL,        ["ManagePermissionGrantsForSelf.microsoft-user-default-legacy"], id="to everything"),
    pytest.param(UserConsent.LOW_IMPACT, ["ManagePermissionGrantsForSelf.microsoft-user-default-low"],    id="to what does little harm"),
    pytest.param(UserConsent.NONE,       [],                                                              id="to nothing"),
]
# fmt: on


@pytest.mark.parametrize(("consent", "names"), CONSENT)
def test_who_consents_in_graphs_words(here: Any, consent: UserConsent, names: list[str]) -> None:
    usual = UserConsent.NONE if consent is UserConsent.ALL else UserConsent.ALL
    policies = evolve(stored(here).policies, user_consent=usual)
    commit(here.store, PutEntity(evolve(stored(here), policies=policies)))
    asked = {"defaultUserRolePermissions": {"permissionGrantPoliciesAssigned": names}}
    changed = run(change_authorization_policy(here, ADMIN, asked))
    assert changed.policies.user_consent is consent


@pytest.mark.parametrize(
    ("show", "change"),
    [
        (authorization_policy_json, change_authorization_policy),
        (security_defaults_json, change_security_defaults),
        (settings_json, change_settings),
        (organization_json, change_organization),
        (branding_json, change_branding),
    ],
)
def test_what_is_read_can_be_sent_back(here: Any, show: Any, change: Any) -> None:
    before = stored(here)
    assert run(change(here, ADMIN, show(before))) == before
    assert activities(here) == []


def test_the_lifetime_of_access_tokens_as_a_policy_of_graphs(here: Any) -> None:
    made = run(create_token_lifetime_policy(here, ADMIN, {"definition": [DEFINITION], "isOrganizationDefault": True}))
    assert made.policies.access_token_lifetime == 7200
    assert (token_lifetime_policy_json(made) or {})["definition"] == [DEFINITION]
    assert refused(create_token_lifetime_policy(here, ADMIN, {"definition": [DEFINITION]}))[0] == 409
    own = token_lifetime_policy_id(made)
    shorter = {"definition": [DEFINITION.replace("02:00:00", "00:10:00")]}
    assert run(change_token_lifetime_policy(here, ADMIN, own, shorter)).policies.access_token_lifetime == 600
    assert refused(delete_token_lifetime_policy(here, ADMIN, "other"))[0] == 404
    gone = run(delete_token_lifetime_policy(here, ADMIN, own.upper()))
    assert token_lifetime_policy_json(gone) is None
    assert refused(change_token_lifetime_policy(here, ADMIN, own, shorter))[0] == 404
    assert activities(here) == ["Add policy", "Delete policy", "Update policy"]


# fmt: off
DEFINITIONS = [
    pytest.param(["{"],                                                       id="no JSON"),
    pytest.param(["[" * 100_000],                                             id="JSON too deep"),
    pytest.param(["[]"],                                                      id="a list"),
    pytest.param(["{}"],                                                      id="an empty one"),
    pytest.param([],                                                          id="none"),
    pytest.param([DEFINITION, DEFINITION],                                    id="two"),
    pytest.param([DEFINITION.replace("02:00:00", "00:09:59")],                id="too short"),
    pytest.param([DEFINITION.replace("02:00:00", "1.00:00:01")],              id="too long"),
    pytest.param([DEFINITION.replace("02:00:00", "2 hours")],                 id="in words"),
    pytest.param([DEFINITION.replace("AccessTokenLifetime", "MaxAge")],       id="of something else"),
    pytest.param("x",                                                         id="a text"),
]
# fmt: on


@pytest.mark.parametrize("definition", DEFINITIONS)
def test_what_is_no_lifetime(here: Any, definition: object) -> None:
    status, target = refused(create_token_lifetime_policy(here, ADMIN, {"definition": definition}))
    assert (status, (target or "").partition(".")[0]) == (400, "definition")


def test_banned_words_are_banned_at_once(here: Any) -> None:
    member = {
        "accountEnabled": True,
        "displayName": "Eve",
        "mailNickname": "eve",
        "userPrincipalName": "eve@colors.example",
        "passwordProfile": {"password": "vermilionochre-xq"},
    }
    run(change_settings(here, ADMIN, {"bannedPasswords": ["vermilion", "ochre", "vermilionochre"]}))
    assert refused(create_user(here, ADMIN, member)) == (400, "passwordProfile.password")
    run(change_settings(here, ADMIN, {"bannedPasswords": []}))
    run(create_user(here, ADMIN, member))


def test_who_reads_policies(here: Any) -> None:
    assert run(find_policies(here, ben(role.GLOBAL_READER))) == stored(here)
    assert refused(find_policies(here, ben()))[0] == 403
