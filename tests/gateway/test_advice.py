"""What documents may say and probably should not."""

import pytest

from entrada.core.gateway.advice import Surroundings
from entrada.core.gateway.check import checked_text
from entrada.core.gateway.named_values import NamedValue, by_name
from tests.gateway import trial

OURS = "https://login.example"
DOCUMENT = f'<openid-config url="{OURS}/contoso/v2.0/.well-known/openid-configuration" />'
AUDIENCES = "<audiences><audience>colors</audience></audiences>"
GUID = "2f1a5f4c-6f4f-4a36-9e35-1f2b6d3c7a10"
VALUES = by_name(NamedValue("key", trial.SECRET_TEXT, is_secret=True), NamedValue("open", trial.SECRET_TEXT))


def warned(inside: str, scope: str = "api", *, subscriptions: bool = True, **sections: str) -> list[str]:
    surroundings = Surroundings(authority=OURS, has_subscriptions=subscriptions)
    document = inside if inside.startswith("<policies") else trial.document(inside, **sections)
    return [one.what for one in checked_text(document, scope, VALUES, surroundings).warnings]


def validating(attributes: str = "", elements: str = "", documents: str = DOCUMENT, audiences: str = AUDIENCES) -> str:
    return f'<validate-jwt header-name="Authorization" {attributes}>{documents}{audiences}{elements}</validate-jwt>'


def claims(claim: str) -> str:
    return f"<required-claims>{claim}</required-claims>"


GOOD = validating("", claims('<claim name="scp" separator=" "><value>Colors.Read</value></claim>'))
COMMON = f'<openid-config url="{OURS}/common/v2.0/.well-known/openid-configuration" />'
FOREIGN = '<openid-config url="https://login.microsoftonline.com/contoso/v2.0/.well-known/openid-configuration" />'
CORS = "<cors><allowed-origins><origin>https://a.example</origin></allowed-origins><allowed-headers><header>*</header></allowed-headers></cors>"
LIMIT = '<rate-limit calls="1" renewal-period="1" />'


@pytest.mark.parametrize(
    ("inside", "said", "mended"),
    [
        (validating("", claims('<claim name="scp"><value>a</value></claim>')), "all their scopes in one text", GOOD),
        (validating(audiences=""), "No audience is asked for", GOOD),
        (
            validating(audiences=f"<audiences><audience>{GUID}</audience></audiences>"),
            "Tokens of version 1",
            validating(audiences=f"<audiences><audience>{GUID}</audience><audience>api://{GUID}</audience></audiences>"),
        ),
        (
            validating(audiences=f"<audiences><audience>api://{GUID}</audience></audiences>"),
            "Tokens of version 1",
            validating(audiences=f"<audiences><audience>api://{GUID}</audience><audience>x</audience></audiences>"),
        ),
        (validating(documents=DOCUMENT.replace("/.well-known/openid-configuration", "")), "not the URL of a discovery", GOOD),
        (validating("clock-skew='60'", documents=FOREIGN.replace("https", "http")), "without TLS", GOOD),
        (validating("clock-skew='60'", documents=FOREIGN.replace("login.microsoftonline.com", "10.0.0.7")), "private", GOOD),
        (validating("clock-skew='60'", documents=FOREIGN.replace("login.microsoftonline.com", "keys.internal")), "private", GOOD),
        (
            '<set-header name="a"><value>Hello @(context.User.Id)</value></set-header>',
            "within other text",
            '<set-header name="a"><value>@("Hello " + context.Operation.Id) </value></set-header>',
        ),
        (
            '<rewrite-uri template="/x/@(context.Operation.Id)" />',
            "within other text",
            '<set-header name="a"><value>ben@(home)</value></set-header>',
        ),
        (validating(documents=FOREIGN), "clock-skew is 0", validating('clock-skew="60"', documents=FOREIGN)),
        (validating('clock-skew="0"', documents=FOREIGN), "clock-skew is 0", validating('clock-skew="0"')),
        (
            validating(documents=COMMON),
            "every tenant's",
            validating("", claims(f'<claim name="tid"><value>{GUID}</value></claim>'), documents=COMMON),
        ),
        (validating('require-expiration-time="false"'), "never expire", validating('require-expiration-time="true"')),
        (
            validating(documents="<issuer-signing-keys><key>{{open}}</key></issuer-signing-keys>"),
            "whoever reads it can sign",
            validating(documents="<issuer-signing-keys><key>{{key}}</key></issuer-signing-keys>"),
        ),
        (f"{GOOD}{CORS}", "stands behind <validate-jwt>", f"{CORS}{GOOD}"),
        (f"<choose><when condition='@(true)'>{CORS}</when></choose>", "preflights", CORS),
        (
            f"<choose><when condition='@(true)'>{GOOD}</when></choose>",
            "no condition holds",
            f"<choose><when condition='@(true)'>{GOOD}</when><otherwise>{GOOD}</otherwise></choose>",
        ),
        (f"<return-response/>{GOOD}", "never reached", f"{GOOD}<return-response/>"),
        (
            GOOD.replace("header-name", "query-parameter-name").replace("Authorization", "token"),
            "kept in logs",
            GOOD,
        ),
    ],
)  # fmt: skip
def test_what_is_warned_of(inside: str, said: str, mended: str) -> None:
    found = warned(inside)
    assert [one for one in found if said in one], found
    assert not [one for one in warned(mended) if said in one]


def test_a_good_document_is_left_alone() -> None:
    assert warned(f"{CORS}{GOOD}{LIMIT}") == []


def test_limits_by_subscription_need_subscriptions() -> None:
    assert not warned(LIMIT)
    assert "counts by subscription" in warned(LIMIT, subscriptions=False)[0]


@pytest.mark.parametrize(
    ("text", "scope", "said"),
    [
        ("<policies><inbound/><backend/></policies>", "api", ["Without <base />", "Nothing in <back"]),
        ("<policies/>", "api", []),
        ("<policies/>", "global", []),
        ("<policies><backend><base/></backend></policies>", "global", ["Nothing in <back"]),
        ("<policies><backend><forward-request/></backend></policies>", "global", []),
        ("<policies><inbound><base/><mock-response/></inbound></policies>", "operation", []),
        (
            "<policies><inbound><base/></inbound><backend><choose><otherwise><forward-request/></otherwise></choose></backend></policies>",
            "api",
            [],
        ),
    ],
)
def test_what_is_not_inherited_is_missed(text: str, scope: str, said: list[str]) -> None:
    assert [one[:16] for one in warned(text, scope)] == said


def test_a_document_with_faults_is_given_none() -> None:
    assert not warned("<validate-jwt header-name='a'/>")


def test_it_says_where() -> None:
    text = (
        "<policies>\n  <inbound>\n    <base />\n    "
        + GOOD.replace(' separator=" "', "")
        + "\n  </inbound>\n  <backend><base /></backend>\n</policies>"
    )
    (found,) = checked_text(text, "api", {}, Surroundings(authority=OURS)).warnings
    assert (found.place.line, found.place.column > 5) == (4, True)
    assert "separator" in found.instead
