"""What the button of a form stands for; a word that no page of ours sends does nothing, and grants nothing."""

from collections.abc import Mapping
from typing import Final, TypeVar

from entrada.core.directory.administration.problem import Problem, bad
from entrada.server.web.portal.form import Form

T = TypeVar("T")
_UNKNOWN: Final = bad("The form asks for something this page does not do. Nothing was changed; open the page again.")


def deed_of(form: Form, deeds: Mapping[str, T]) -> T | Problem:
    """By the word of its button, `do`."""
    return deeds.get(form.get("do"), _UNKNOWN)
