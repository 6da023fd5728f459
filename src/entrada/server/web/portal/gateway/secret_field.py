"""A secret that a form sets but never shows: left empty it stays, and a box beside it removes it."""

from entrada.server.web.signed_in.form import Form


def secret_in(form: Form, name: str) -> str | None:
    """None: as it is; empty: none any more.  Blanks around it come from copying."""
    return "" if form.has(f"{name}.remove") else form.text(name)
