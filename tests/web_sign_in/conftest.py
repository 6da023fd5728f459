"""Every behaviour is tried with every framework."""

from collections.abc import Iterator

import pytest

from tests.web_sign_in.world import Maker, Worlds


def maker_of(framework: str) -> Maker:
    if framework == "flask":
        from tests.web_sign_in.flask_app import FlaskMaker

        return FlaskMaker()
    raise AssertionError(framework)


FRAMEWORKS = ["flask"]


@pytest.fixture(params=FRAMEWORKS)
def worlds(request: pytest.FixtureRequest) -> Iterator[Worlds]:
    made = Worlds(maker_of(request.param))
    yield made
    made.close()
