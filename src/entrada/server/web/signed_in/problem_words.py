"""What was wrong, in the words of the form: a field's label where a Problem names the member's path."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from entrada.core.directory.administration.problem import Problem

_WORD: Final = re.compile(r"[\w@.]+(\[\d+\])?(\.\w+(\[\d+\])?)*")


def errors_of(problem: Problem | None) -> dict[str, str]:
    """What to say beside which field.  A target is a member's path: `web.redirectUris`, `appRoles[2].value`."""
    if problem is None:
        return {}
    found = {one.target: one.message for one in problem.details if one.target}
    if problem.target:
        found[problem.target] = problem.message
    # Of an entry of a list that has no field of its own, beside the list.
    return {**{target.partition("[")[0]: words for target, words in found.items()}, **found}


def worded(message: str, name: str, label: str) -> str:
    """*message* with *label* in place of the path it begins with, if that is the path of the field *name*."""
    found = _WORD.match(message)
    path = found[0] if found else ""
    own = path.rpartition("].")[2] or path
    alike = own.partition("[")[0].rpartition(".")[2] == name.partition("[")[0].rpartition(".")[2]
    is_path = path == name or any(sign in path.rstrip(".") for sign in ".[") or any(map(str.isupper, path[1:]))
    return f"{label}{message[len(path) :]}" if alike and is_path and label else message


def summary_of(problem: Problem, labels: Mapping[str, tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Each thing that was wrong, once, with the id of the field to go to, or "".

    *labels*: of the page's fields by their names, with those ids.
    """
    told = dict[str, str]()
    for target, message in ((problem.target, problem.message), *((one.target, one.message) for one in problem.details)):
        name = next((one for one in (target or "", (target or "").partition("[")[0]) if one in labels), "")
        label, anchor = labels.get(name, ("", ""))
        text = worded(message, name, label)
        told[text] = told.get(text) or anchor
    return told.items()
