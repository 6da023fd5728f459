"""The toolkit as its users see it; type-checked, never run."""

from typing import assert_type

from azure.core.credentials import SupportsTokenInfo, TokenCredential
from azure.core.credentials_async import AsyncSupportsTokenInfo, AsyncTokenCredential

from entrada.client import (
    AccessToken,
    Account,
    Asked,
    AsyncAzureCredential,
    AsyncClient,
    AsyncMachineIdentity,
    AzureCredential,
    Call,
    Client,
    InteractionRequired,
    MachineIdentity,
    MemoryCache,
    Reply,
    Settings,
    Tell,
    Tokens,
    entra_authority,
)


def program() -> str:
    with Client(Settings.from_environment(), cache=MemoryCache()) as client:
        token = client.token_for(["api://colors/.default"])
        assert_type(token, AccessToken)
        return token.value


def person(client: Client) -> Tokens:
    assert_type(client.accounts(), tuple[Account, ...])
    try:
        client.token_for(("api://colors/Colors.Read",), account=client.accounts()[0])
    except InteractionRequired as more:
        assert_type(more.scopes, tuple[str, ...])
        assert_type(more.said.claims, str | None)
        return client.sign_in_interactively(more.scopes, asked=Asked(claims=more.said.claims), within=60)
    tokens = client.sign_in_by_device_code()
    assert_type(client.logout_url(tokens.account, return_to="http://localhost"), str | None)
    return tokens


async def awaited() -> AccessToken:
    settings = Settings(authority=entra_authority("https://localhost:8443/common"), client_id="1", client_secret="s")
    async with AsyncClient(settings) as client:
        assert_type(await client.sign_in_interactively(port=8400), Tokens)
        assert_type(await client.accounts(), tuple[Account, ...])
        return await client.on_behalf_of("token", ["api://next/Read"])


def in_a_test(settings: Settings) -> Client:
    def send(call: Call) -> Reply:
        return Reply(status=200, body=call.url.encode())

    def tell(told: Tell) -> None:
        assert_type(told.user_code, str | None)

    return Client(settings, send=send, tell=tell)


def for_azure(client: Client, account: Account) -> None:
    first: TokenCredential = AzureCredential(client, account=account)
    second: SupportsTokenInfo = AzureCredential(MachineIdentity("id"))
    assert_type(first.get_token("s").token, str)
    assert_type(second.get_token_info("s").refresh_on, int | None)


async def for_azure_awaited(client: AsyncClient) -> None:
    first: AsyncTokenCredential = AsyncAzureCredential(client)
    second: AsyncSupportsTokenInfo = AsyncAzureCredential(AsyncMachineIdentity())
    assert_type((await first.get_token("s")).token, str)
    assert_type((await second.get_token_info("s")).refresh_on, int | None)
