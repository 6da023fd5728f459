"""Stands in for a browser with somebody before it: BROWSER names it, PERSON says who signs in, PERSON_CA what to trust.

It goes where the answer leads, to the loopback address of the program that waits for it.  PERSON_SAYS=no: they decline;
PERSON_SAYS=somebody else: they sign in as PERSON though another was asked for.
"""

from __future__ import annotations

import os
import ssl
import sys
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx2

from tests.drivers.form_browser import FormBrowser


def program(folder: Path, *, before: str = "") -> str:
    """An executable for BROWSER; *before* is shell that runs first."""
    path = folder / "browser"
    root = Path(__file__).parents[2]
    path.write_text(f'#!/bin/sh\n{before}\nPYTHONPATH={root} exec {sys.executable} -m tests.drivers.person "$1"\n')
    path.chmod(0o755)
    return str(path)


def led(url: str) -> str:
    """Where the address on the loopback leads that a browser is started with."""
    if urlsplit(url).scheme != "http":
        return url
    return httpx2.get(url, trust_env=False).headers["location"]


def main(url: str) -> None:
    url = led(url)
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    says = os.environ.get("PERSON_SAYS")
    if says == "no":
        httpx2.post(asked["redirect_uri"], data={"error": "access_denied", "state": asked["state"]}, trust_env=False)
        return
    if says == "somebody else":
        del asked["login_hint"]
        url = f"{url.partition('?')[0]}?{urlencode(asked)}"
    trust = ssl.create_default_context(cafile=os.environ["PERSON_CA"])
    with httpx2.Client(verify=trust, timeout=30) as client:
        browser = FormBrowser(client, f"{parts.scheme}://{parts.netloc}")
        page = browser.sign_in(browser.open(url), os.environ.get("PERSON", "ada@colors.example"))
        if browser.left_to is not None:  # response_mode=query, or a refusal
            client.get(browser.left_to)
            return
        form = next(form for form in page.forms if "state" in form.fields)
        client.post(form.action, data=form.fields)


if __name__ == "__main__":
    main(sys.argv[1])
