"""Every behaviour is tried with every framework."""

from collections.abc import Iterator

import pytest

from tests.web_sign_in.world import Maker, Worlds


def maker_of(framework: str) -> Maker:
    if framework == "flask":
        from tests.web_sign_in.flask_app import FlaskMaker

        return FlaskMaker()
    if framework.startswith("django"):
        from tests.web_sign_in.django_app import DjangoMaker

        return DjangoMaker(awaits=framework.endswith("async"))
    if framework == "fastapi":
        from tests.web_sign_in.fastapi_app import FastApiMaker

        return FastApiMaker()
    raise AssertionError(framework)


FRAMEWORKS = ["fastapi", "flask", "django", "django-async"]


@pytest.fixture(params=FRAMEWORKS)
def worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    made = Worlds(maker_of(request.param))
    yield made
    made.close()
