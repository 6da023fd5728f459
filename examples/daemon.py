"""A program without a person: it gets a token for itself, and reads colors by its role Colors.ReadAll.

python daemon.py                            proves itself by its secret
CERTIFICATE=daemon.pem python daemon.py     by a certificate, from a file with its private key
"""

import os

import httpx2

from entrada.client import Client, Settings

PLATFORM = os.environ.get("PLATFORM", "https://localhost:8443")
TENANT = os.environ.get("TENANT", "c0105000-0000-4000-8000-000000000001")
CLIENT_ID = os.environ.get("CLIENT_ID", "c0105000-0000-4000-8000-0000000dae01")
CLIENT_SECRET = os.environ.get("CLIENT_SECRET", "daemon-dev-secret")
CERTIFICATE = os.environ.get("CERTIFICATE")
COLORS = os.environ.get("COLORS", "http://127.0.0.1:5001")
COLORS_API = "api://c0105000-0000-4000-8000-00000000ba51/.default"  # all roles that an administrator assigned


def settings() -> Settings:
    proof = {"certificate": CERTIFICATE} if CERTIFICATE else {"client_secret": CLIENT_SECRET}
    return Settings.from_mapping({"authority": f"{PLATFORM}/{TENANT}", "client_id": CLIENT_ID, **proof})


def main() -> None:
    with Client(settings()) as client:  # one for the life of the program: it keeps the token, and renews it in time
        token = client.token_for([COLORS_API])
        answer = httpx2.get(f"{COLORS}/colors", headers={"Authorization": f"Bearer {token.value}"})
        answer.raise_for_status()
    print("colors:", ", ".join(color["name"] for color in answer.json()["colors"]))


if __name__ == "__main__":
    main()
