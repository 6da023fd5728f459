"""The reference of web sign-in lists each setting and route, and what the page on FastAPI shows works."""

import re
from pathlib import Path

from attrs import fields

from entrada.client.settings import Settings
from entrada.client.web_sign_in.site import ROUTES
from entrada.client.web_sign_in.web_settings import WebSettings

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference/web-sign-in.md").read_text("utf-8")


def first_cells(heading: str) -> list[str]:
    table = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)`", table, re.MULTILINE)


def test_each_setting_is_told():
    shared = {one.name for one in fields(Settings)}
    assert sorted(first_cells("Settings")) == sorted(one.name for one in fields(WebSettings) if one.name not in shared)


def test_each_route_is_told_with_its_methods():
    table = dict(re.findall(r"^\| `/auth/([^`]+)` \| ([A-Z, ]+) \|", PAGE, re.MULTILINE))
    assert table == {name: ", ".join(methods) for name, methods in ROUTES.items()}
