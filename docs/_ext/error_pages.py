"""Write a page for each AADSTS number from the catalogue, before Sphinx looks which pages there are.

`reference/errors/` holds nothing else: what a number needs besides stands in the catalogue, for the error page of the
server says it too.
"""

import json
from itertools import groupby
from pathlib import Path
from string import Formatter

from from_code import general, reasons
from sphinx.application import Sphinx

from entrada.core.errors.reason import Reason, Refusal
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.claims_request import ClaimsRequest
from entrada.core.protocol.error_fields import Trace, json_members
from entrada.core.protocol.sign_in.second_factor import challenge

CHALLENGED = "basic_action"  # the suberror of refusals that bring claims
ORIGIN = "https://localhost:8443"
TRACE = Trace(
    trace_id="01a3185c-5000-7000-8000-0000000000aa",
    correlation_id="01a3185c-5000-7000-8000-0000000000cc",
    at=NumericDate(1_800_000_000),
)


def pages() -> dict[str, str]:
    by_number = groupby(sorted(reasons(), key=lambda one: one.code), key=lambda one: one.code)
    return {f"AADSTS{code}": page(code, list(rows)) for code, rows in by_number}


def page(code: int, rows: list[Reason]) -> str:
    return f"# AADSTS{code}: {rows[0].name}\n\n" + "\n".join(_said(one, alone=len(rows) == 1) for one in rows)


def _said(one: Reason, *, alone: bool) -> str:
    heading = "" if alone else f"## As `{one.error}`\n\n"
    return (
        f"{heading}{general(one.text)}\n\n"
        f"**What to do:** {general(one.advice)}\n\n"
        f"Where the answer is JSON, with status {one.status}:\n\n```json\n{_example(one)}\n```\n"
    )


def _example(one: Reason) -> str:
    named = {name: f"<{name}>" for _, name, _, _ in Formatter().parse(one.text) if name}
    claims = challenge(ClaimsRequest()) if one.suberror == CHALLENGED else None
    return json.dumps(json_members(Refusal(one, named, claims), TRACE, ORIGIN), indent=2, ensure_ascii=False)


def write(app: Sphinx) -> None:
    folder = Path(app.srcdir) / "reference" / "errors"
    folder.mkdir(exist_ok=True)
    wanted = {f"{name}.md": text for name, text in pages().items()}
    for stale in (file for file in folder.glob("*.md") if file.name not in wanted):
        stale.unlink()
    for name, text in wanted.items():
        file = folder / name
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("builder-inited", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
