"""What a refusal's story says that it was compared with."""

from entrada.core.directory.application import Application, ClientSecret, Platform, RedirectUri
from entrada.core.directory.ids import ApplicationId, ClientId, TenantId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.client_authentication.weighed_secrets import weighed_secrets
from entrada.core.protocol.weighed_redirect_uris import weighed_redirect_uris

NOW = NumericDate(1_770_000_000)
DAY = 86_400


def secret(name: str, starts: int, ends: int, hint: str = "abc") -> ClientSecret:
    return ClientSecret(
        key_id="id-of-it",
        display_name=name,
        digest="sealed",
        hint=hint,
        not_before=NumericDate(NOW + starts),
        expires_at=NumericDate(NOW + ends),
    )


def test_secrets_by_name_beginning_and_end() -> None:
    secrets = (secret("laptop", -DAY, DAY), secret("old", -DAY, 0), secret("", DAY, 2 * DAY, hint=""))
    app = Application(
        id=ApplicationId("a"), app_id=ClientId("b"), tenant_id=TenantId("c"), display_name="App", client_secrets=secrets
    )
    assert weighed_secrets(app, NOW) == {
        "client secrets": "3",
        "client secret 1": "laptop: begins with abc, expires 2026-02-03 02:40 UTC",
        "client secret 2": "old: begins with abc, expired 2026-02-02 02:40 UTC",
        "client secret 3": "id-of-it: is good from 2026-02-03 02:40 UTC only",
    }


def test_redirect_uris_of_the_platform_and_not_too_many() -> None:
    web = RedirectUri("https://a.example/cb", Platform.WEB)
    many = tuple(RedirectUri(f"https://{at}.example/", Platform.SPA) for at in range(30))
    assert weighed_redirect_uris((web, *many), Platform.WEB) == {
        "registered redirect URIs": "1",
        "registered 1 (web)": "https://a.example/cb",
    }
    assert weighed_redirect_uris(()) == {"registered redirect URIs": "0"}
    told = weighed_redirect_uris((web, *many))
    assert (told["registered redirect URIs"], len(told)) == ("31", 21)
