"""What a client of an authority can do, as flows: `Client` and `AsyncClient` drive the same.

What only a token that is not at hand needs is loaded then: a program that finds one in its cache does not wait for it.
"""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Final

from attrs import define, field

from entrada.client.errors import BadSettings, InteractionRequired, OAuthError
from entrada.client.flow import Flow, doing
from entrada.client.grants.client_authentication import ClientProof, Entropy
from entrada.client.grants.credential import credential_of
from entrada.client.settings import Settings
from entrada.client.token_cache.port import Kept, Partition, TokenCache
from entrada.client.token_cache.remembering import remember, wanted
from entrada.client.token_cache.renewing import Renew
from entrada.client.tokens import Account, Tokens, scopes_of
from entrada.core.jose.numeric_date import NumericDate

if TYPE_CHECKING:
    from entrada.client.grants.registration import Registration
    from entrada.client.web_sign_in.sign_in import Asked

_NOBODY: Final = OAuthError(error="login_required")


@define(kw_only=True)
class Application:
    """Raises BadSettings and BadCredential when made."""

    settings: Settings
    cache: TokenCache = field(repr=False)
    clock: Callable[[], NumericDate] = field(repr=False)
    entropy: Entropy = field(repr=False)
    credential: ClientProof | None = field(default=None, repr=False)  # instead of the settings'

    def __attrs_post_init__(self) -> None:
        if self.credential is None:
            self.credential = credential_of(self.settings)

    @cached_property
    def registration(self) -> "Registration":
        from entrada.client.discovery.provider import Provider  # noqa: PLC0415 - see above
        from entrada.client.grants.registration import Registration  # noqa: PLC0415

        return Registration(
            provider=Provider(self.settings.authority),
            client_id=self.settings.client_id,
            credential=self.credential,
            allowed_tenants=self.settings.allowed_tenants,
        )

    # ---- who ----

    def partition(self, account: Account | None) -> Partition:
        return Partition(self.settings.authority.url, self.settings.client_id, account.key if account else "")

    def accounts(self) -> tuple[Account, ...]:
        found = ((partition, account) for partition, account in self.cache.partitions() if account is not None)
        return tuple(account for partition, account in found if partition == self.partition(account))

    def asked(self, scopes: Iterable[str]) -> tuple[str, ...]:
        """Raises BadSettings where nothing is asked for.  OpenID Connect alone has tokens without a scope of an API."""
        asked = scopes_of(scopes)
        if not asked and self.settings.authority.tenant is not None:
            raise BadSettings("No scope is named", advice="Name what the API offers, or api://…/.default.")
        return asked

    def whose(self, account: Account | None, scopes: tuple[str, ...]) -> Account | None:
        """None: the application's own.  A public client has none, so it is whoever alone is signed in."""
        if account is not None or self.credential is not None:
            return account
        known = self.accounts()
        if len(known) > 1:
            raise BadSettings("Several people are signed in", advice="Say whose token it is: account=…")
        if not known:
            raise _nobody(scopes)
        return known[0]

    def renew(self, account: Account | None) -> Renew:
        return self._of_application if account is None else self._of(account)

    # ---- signing in and out ----

    def interactive(
        self,
        scopes: Iterable[str] | None,
        *,
        asked: "Asked | None",
        redirect_uri: str,
        port: int,
        within: float,
        open_browser: Callable[[str], None] | None,
    ) -> Flow[Tokens]:
        # Only where there is somebody to ask: a server with a listener of HTTP, a browser.
        from entrada.client.interactive.browser import Browser  # noqa: PLC0415
        from entrada.client.interactive.sign_in import Interactive, sign_in_interactively  # noqa: PLC0415
        from entrada.client.web_sign_in.sign_in import Asked  # noqa: PLC0415

        wanted = Interactive(
            scopes=self._scopes(scopes),
            asked=asked or Asked(),
            redirect_uri=redirect_uri,
            port=port,
            timeout=within,
        )
        signing_in = sign_in_interactively(
            self.registration,
            wanted,
            clock=self.clock,
            entropy=self.entropy,
            open_browser=open_browser or Browser(),
        )
        return self._remembered(signing_in, wanted.scopes)

    def by_device_code(self, scopes: Iterable[str] | None, claims: str | None) -> Flow[Tokens]:
        from entrada.client.grants.device_code import device_code  # noqa: PLC0415 - verifies ID tokens

        asked = self._scopes(scopes)
        signing_in = device_code(self.registration, asked, clock=self.clock, entropy=self.entropy, claims=claims)
        return self._remembered(signing_in, asked)

    def _scopes(self, named: Iterable[str] | None) -> tuple[str, ...]:
        return self.settings.scopes if named is None else scopes_of(named)

    def _remembered(self, signing_in: Flow[Tokens], scopes: tuple[str, ...]) -> Flow[Tokens]:
        tokens = yield from signing_in

        def decide(kept: Kept | None) -> Kept:
            return remember(kept, tokens, wanted(scopes), self.clock())

        yield from doing(lambda: self.cache.change(self.partition(tokens.account), decide))
        return tokens

    def forgotten(self, account: Account) -> Flow[None]:
        yield from doing(lambda: self.cache.change(self.partition(account), lambda _: None))

    def on_behalf_of(self, token: str) -> Renew:
        from entrada.client.grants.on_behalf_of import on_behalf_of  # noqa: PLC0415 - only APIs that call others

        def renew(_: Kept | None, scopes: tuple[str, ...], claims: str | None) -> Flow[Tokens]:
            return on_behalf_of(self.registration, token, scopes, now=self.clock(), entropy=self.entropy, claims=claims)

        return renew

    def logout_url(self, account: Account | None, return_to: str | None) -> Flow[str | None]:
        from entrada.client.authority import Shape  # noqa: PLC0415
        from entrada.client.interactive.sign_in import sign_in_of  # noqa: PLC0415 - seldom needed

        kept = None
        if account is not None and self.settings.authority.shape is Shape.OIDC:
            kept = yield from doing(lambda: self.cache.read(self.partition(account)))
        sign_in = sign_in_of(self.registration, ())
        return (
            yield from sign_in.end(
                return_to=return_to,
                now=self.clock(),
                id_token_hint=kept.id_token if kept else None,
                logout_hint=account.username if account else "",
            )
        )

    # ---- renewing ----

    def _of_application(self, _: Kept | None, scopes: tuple[str, ...], claims: str | None) -> Flow[Tokens]:
        from entrada.client.grants.client_credentials import client_credentials  # noqa: PLC0415 - see above

        return client_credentials(self.registration, scopes, now=self.clock(), entropy=self.entropy, claims=claims)

    def _of(self, account: Account) -> Renew:
        def renew(kept: Kept | None, scopes: tuple[str, ...], claims: str | None) -> Flow[Tokens]:
            if kept is None or kept.refresh_token is None:
                raise _nobody(scopes)
            from entrada.client.grants.refresh_token import refresh  # noqa: PLC0415 - verifies ID tokens

            return (
                yield from refresh(
                    self.registration,
                    kept.refresh_token,
                    scopes,
                    account=kept.account or account,
                    now=self.clock(),
                    entropy=self.entropy,
                    claims=claims,
                )
            )

        return renew


def _nobody(scopes: tuple[str, ...]) -> InteractionRequired:
    return InteractionRequired(
        "Nobody is signed in here", _NOBODY, scopes=scopes, advice="Let the person sign in for this."
    )
