"""Whoever is refused is told who may."""

import pytest

from entrada.core.directory.administration.may import may
from entrada.core.directory.administration.operations import Operation
from tests.usecases.acting import ben

TOLD = (
    (Operation.ROTATE_KEYS, "Insufficient privileges to rotate signing keys: it takes the role Global Administrator."),
    (Operation.CHANGE_USER, "it takes one of these roles: Global Administrator, User Administrator."),
    (Operation.CHANGE_GRANTS, "Global Administrator, Privileged Role Administrator."),
)


@pytest.mark.parametrize(("operation", "words"), TOLD)
def test_the_roles_are_told_in_one_list(operation: Operation, words: str) -> None:
    refused = may(ben(), operation)
    assert refused is not None
    assert refused.message.endswith(words)
