"""Somebody who is signed in without having signed in: for a project's own tests."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager

from entrada.client.web_sign_in import stand_in
from entrada.client.web_sign_in.user import User
from entrada.django.running import running


@contextmanager
def as_user(
    *,
    name: str = "Test User",
    username: str = "test@example.com",
    roles: Iterable[str] = (),
    scopes: Iterable[str] = (),
    groups: Iterable[str] | None = (),
    token: str = "a-token-of-a-test",
) -> Generator[User]:
    """Meanwhile every request is theirs, and `request.user` whom they become at a sign-in: it takes the database.

    *groups*: None is somebody in too many for a token.
    """
    one = stand_in.stand_in(name=name, username=username, roles=roles, scopes=scopes, groups=groups, token=token)
    with running().site.as_user(one) as user:
        yield user
