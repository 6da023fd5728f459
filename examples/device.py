"""A program for the command line, also of a machine without a browser: somebody signs in elsewhere, by a code.

python device.py             signs in at the first run; later ones take the tokens that are kept, or renew them
python device.py renew       gets new tokens now
python device.py sign-out    forgets them, and says where the browser's session ends
"""

import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2

from entrada.client import AccessToken, Account, Client, Settings
from entrada.client.token_cache.encrypted_file import EncryptedFileCache
from entrada.client.vault import open_vault

PLATFORM = os.environ.get("PLATFORM", "https://localhost:8443")
TENANT = os.environ.get("TENANT", "c0105000-0000-4000-8000-000000000001")
CLIENT_ID = os.environ.get("CLIENT_ID", "c0105000-0000-4000-8000-000000000c11")
COLORS = os.environ.get("COLORS", "http://127.0.0.1:5001")
KEPT = Path.home() / ".entrada-example-device"
GRAPH_SCOPES = ["User.Read"]
COLORS_SCOPES = ["api://c0105000-0000-4000-8000-00000000ba51/Colors.Read"]
SETTINGS = Settings.from_mapping({"authority": f"{PLATFORM}/{TENANT}", "client_id": CLIENT_ID})


def main(command: str) -> None:
    vault = open_vault(KEPT, os.environ, entropy=os.urandom)  # sealed; the key is the keyring's where there is one
    with Client(SETTINGS, cache=EncryptedFileCache(vault)) as client:
        known = next(iter(client.accounts()), None)
        if command == "sign-out":
            sign_out(client, known)
        else:
            show(client, known or sign_in(client), renew=command == "renew")


def sign_in(client: Client) -> Account:
    """It prints where to go and which code to type, and waits.  Consent is asked for both APIs at once."""
    account = client.sign_in_by_device_code(GRAPH_SCOPES + COLORS_SCOPES).account
    assert account is not None  # a person signed in
    return account


def show(client: Client, account: Account, *, renew: bool) -> None:
    graph = client.token_for(GRAPH_SCOPES, account=account, force=renew)
    colors = client.token_for(COLORS_SCOPES, account=account, force=renew)
    print("signed in as", get(f"{PLATFORM}/v1.0/me", graph)["userPrincipalName"])
    print("colors:", ", ".join(color["name"] for color in get(f"{COLORS}/colors", colors)["colors"]))
    print("token:", sha256(graph.value.encode()).hexdigest()[:12])


def sign_out(client: Client, account: Account | None) -> None:
    if account is None:
        print("nobody is signed in")
        return
    url = client.logout_url(account)
    client.sign_out(account)
    print("signed out here; to end the session of the browser too, open", url)


def get(url: str, token: AccessToken) -> Any:
    answer = httpx2.get(url, headers={"Authorization": f"Bearer {token.value}"})
    answer.raise_for_status()
    return answer.json()


if __name__ == "__main__":
    main(*sys.argv[1:] or [""])
