"""The code of a page: its fenced blocks, with the address of the documentation put right for the live server."""

import re
from collections.abc import Mapping
from functools import reduce
from pathlib import Path
from typing import Any

from tests.drivers.live_server import LiveServer

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def at(live: LiveServer, code: str) -> str:
    return code.replace("localhost:8443", f"localhost:{live.port}")


def names_of(live: LiveServer, page: str, instead: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the page's Python leaves behind, all of its blocks run in order; *instead* puts a reader's words for others."""
    found: dict[str, Any] = {"__name__": "example"}
    for number, block in enumerate(blocks(page, "python")):
        code = reduce(lambda text, words: text.replace(*words), (instead or {}).items(), at(live, block))
        exec(compile(code, f"{page}, block {number + 1}", "exec"), found)
    return found
