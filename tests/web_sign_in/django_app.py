"""The application under test, made with Django: once with plain views over WSGI, once with awaiting ones over ASGI."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from attrs import frozen
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.test import override_settings

from entrada.client.web_sign_in.sessions.port import SessionStore
from tests.drivers.django_project import start
from tests.web_sign_in import asgi_calls, wsgi_calls
from tests.web_sign_in.app_under_test import Asked, Seen
from tests.web_sign_in.world import Making

start()

PROJECT: dict[str, Any] = {
    "AUTHENTICATION_BACKENDS": ["entrada.django.backends.EntradaBackend"],
    "LOGIN_URL": "entrada:login",
    "MIDDLEWARE": [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "entrada.django.middleware.EntradaMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    "SESSION_COOKIE_NAME": "__Host-django",
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "SESSION_COOKIE_AGE": 30 * 24 * 60 * 60,  # its clock is not the tests'
}


@frozen
class DjangoUnderTest:
    handler: WSGIHandler
    project: Any

    def send(self, asked: Asked) -> Seen:
        return wsgi_calls.sent(self.handler, asked)

    def send_together(self, asked: list[Asked]) -> list[Seen]:
        with ThreadPoolExecutor(len(asked)) as pool:
            return list(pool.map(self._sent_by_a_thread, asked))

    def _sent_by_a_thread(self, asked: Asked) -> Seen:
        try:
            return self.send(asked)
        finally:
            connections.close_all()

    def close(self) -> None:
        end(self.project)


@frozen
class AsyncDjangoUnderTest:
    handler: Callable[..., Awaitable[None]]
    project: Any

    def send(self, asked: Asked) -> Seen:
        return self.send_together([asked])[0]

    def send_together(self, asked: list[Asked]) -> list[Seen]:
        async def together() -> list[Seen]:
            return await asyncio.gather(*(asgi_calls.sent(self.handler, one) for one in asked))

        return asyncio.run(together())

    def close(self) -> None:
        end(self.project)


@frozen
class DjangoMaker:
    awaits: bool

    def store(self) -> SessionStore:
        from entrada.django.sessions import DjangoSessions

        return DjangoSessions()

    def make(self, making: Making) -> DjangoUnderTest | AsyncDjangoUnderTest:
        from entrada.django.configured import Configured
        from entrada.django.people import Mapped
        from entrada.django.running import install, make

        views = "django_async_views" if self.awaits else "django_views"
        project = override_settings(**PROJECT, ROOT_URLCONF=f"tests.web_sign_in.{views}")
        project.enable()
        told = Configured(web=making.settings, mapped=Mapped(), sessions=making.store)
        install(make(told, send=making.call, clock=making.clock))
        return AsyncDjangoUnderTest(ASGIHandler(), project) if self.awaits else DjangoUnderTest(WSGIHandler(), project)


def end(project: Any) -> None:
    from django.contrib.auth.models import User

    from entrada.django.models import SessionMark, StoredSession
    from entrada.django.running import install

    install(None)
    project.disable()
    for kind in (User, StoredSession, SessionMark):
        kind.objects.all().delete()
    connections.close_all()
