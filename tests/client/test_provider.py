"""What an authority publishes, while the authority ails."""

import pytest

from entrada.client.authority import entra_authority, oidc_authority
from entrada.client.discovery.metadata import parse_metadata
from entrada.client.discovery.provider import KEYS_KEPT
from entrada.client.driver import drive
from entrada.client.flow import Reply, Unreachable
from entrada.client.web_sign_in import BadMetadata, Provider
from tests.client.fake_authority import AUTHORITY, NOW, OTHER_KEY, FakeAuthority, jwk

CONFIGURATION, KEYS = "openid-configuration", "/keys"
DAY = 24 * 60 * 60

# fmt: off
AILMENTS = [
    pytest.param(Reply(status=503, body=b"<html>upstream"),       Unreachable, id="a proxy in between"),
    pytest.param(Reply(status=500, body=b'{"error":"busy"}'),     Unreachable, id="a fault in JSON"),
    pytest.param(Reply(status=500, body=b'{"keys":[]}'),          Unreachable, id="a fault that looks like keys"),
    pytest.param(Reply(status=429, body=b'{"keys":[]}'),          Unreachable, id="asked too often"),
    pytest.param(Reply(status=400, body=b'{"error":"invalid_tenant"}'), BadMetadata, id="no such tenant"),
    pytest.param(Reply(status=302, body=b'{"keys":[]}'),          BadMetadata, id="moved"),
    pytest.param(Reply(status=200, body=b"<html>please pay"),     BadMetadata, id="a page"),
]
# fmt: on


def known():
    authority, provider = FakeAuthority(), Provider(entra_authority(AUTHORITY))
    assert drive(provider.key("k1", NOW), authority)
    authority.calls.clear()
    return authority, provider


@pytest.mark.parametrize(("reply", "_raised"), AILMENTS)
def test_what_is_known_serves_on(reply, _raised):
    authority, provider = known()
    authority.ails = {CONFIGURATION: reply, KEYS: reply}
    assert drive(provider.metadata(NOW + DAY), authority).jwks_uri.endswith(KEYS)
    assert drive(provider.key("k1", NOW + DAY), authority)


@pytest.mark.parametrize(("reply", "raised"), AILMENTS)
def test_what_was_known_is_believed_for_a_day_more_and_then_again_once_it_is_read(reply, raised):
    authority, provider = known()
    authority.ails = {KEYS: reply}
    lasts = NOW + KEYS_KEPT + DAY
    assert drive(provider.key("k1", lasts - 1), authority)
    with pytest.raises(raised):
        drive(provider.key("k1", lasts + 5), authority)
    authority.ails = {}
    assert drive(provider.key("k1", lasts + 60), authority)


@pytest.mark.parametrize(("reply", "raised"), AILMENTS)
@pytest.mark.parametrize("ending", [CONFIGURATION, KEYS])
def test_where_nothing_is_known_one_question_in_some_seconds_tells_why(ending, reply, raised):
    authority, provider = FakeAuthority(ails={ending: reply}), Provider(entra_authority(AUTHORITY))

    def asked(now):
        with pytest.raises(raised, match=str(reply.status) if reply.status != 200 else ending):
            drive(provider.key("k1", now), authority)
        return authority.count(ending)

    assert [asked(NOW), asked(NOW), asked(NOW + 4), asked(NOW + 5), asked(NOW + 9)] == [1, 1, 1, 2, 2]
    authority.ails = {}
    assert drive(provider.key("k1", NOW + 10), authority)


def test_a_flood_of_sign_ins_asks_an_ailing_authority_once():
    authority, provider = known()
    authority.down = True
    for kid in ("k1", "k9") * 20:
        drive(provider.key(kid, NOW + DAY), authority)
    assert (authority.count(CONFIGURATION), authority.count(KEYS)) == (1, 1)
    drive(provider.key("k1", NOW + DAY + 5), authority)
    assert (authority.count(CONFIGURATION), authority.count(KEYS)) == (2, 2)


def test_while_one_asks_others_make_do_with_what_is_known():
    authority, provider = known()
    asking = provider.key("k1", NOW + 3600)
    assert next(asking).url.endswith(KEYS)
    assert drive(provider.key("k1", NOW + 3600), authority)
    assert authority.calls == []


def test_whoever_gave_up_asking_stops_nobody():
    authority, provider = FakeAuthority(), Provider(entra_authority(AUTHORITY))
    asking = provider.metadata(NOW)
    next(asking)
    asking.close()
    assert drive(provider.metadata(NOW), authority)


def test_once_well_the_authority_is_believed_anew():
    authority, provider = known()
    authority.down = True
    drive(provider.key("k1", NOW + 3600), authority)
    authority.down, authority.keys = False, [jwk("k2", OTHER_KEY)]
    assert drive(provider.key("k2", NOW + 3605), authority)
    assert drive(provider.key("k1", NOW + 3605), authority) is None


def test_a_clock_that_was_set_back_stops_nothing():
    authority, provider = known()
    authority.keys = [jwk("k2", OTHER_KEY)]
    assert drive(provider.key("k2", NOW - DAY), authority)


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.168.1.5"])
def test_plain_http_stays_on_this_machine(host):
    here = "http://localhost:8080"
    members = {
        "issuer": here,
        "authorization_endpoint": f"{here}/authorize",
        "token_endpoint": f"{here}/token",
        "jwks_uri": f"{here}/keys",
    }
    assert parse_metadata(members, oidc_authority(here)).token_endpoint == f"{here}/token"
    with pytest.raises(ValueError, match="token_endpoint is plain http"):
        parse_metadata({**members, "token_endpoint": f"http://{host}/token"}, oidc_authority(here))
