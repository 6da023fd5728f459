"""Whatever can be set, typed, asked for or refused stands in the built reference."""

import re

import click
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from entrada.cli.main import main
from entrada.core.errors import catalogue
from entrada.core.errors.reason import Reason
from entrada.server.settings import known
from tests.docs.conftest import Read
from tests.plugins.platforms import InProcess

REASONS = {name: value for name, value in vars(catalogue).items() if isinstance(value, Reason)}


@pytest.mark.parametrize("setting", known(), ids=lambda one: one.name)
def test_each_setting_is_documented(read: Read, setting):
    page = read("reference/settings.html")
    assert re.search(rf"ENTRADA_{setting.name.upper()}\b", page)
    assert setting.metadata["doc"] in plain(page)


@pytest.mark.parametrize("name", sorted(REASONS))
def test_each_error_is_documented(read: Read, name: str):
    page, reason = read("reference/errors.html"), REASONS[name]
    row = f"{reason.aadsts} {reason.name} {reason.error}"
    assert row + (f", suberror {reason.suberror}" if reason.suberror else f" {reason.status}") in page
    assert named(reason.text) in plain(page)
    assert named(reason.advice) in plain(page)


@pytest.mark.parametrize("name", sorted(REASONS))
def test_each_error_has_a_page(read: Read, name: str):
    reason = REASONS[name]
    page = read(f"reference/errors/{reason.aadsts}.html")
    assert page.startswith(f"{reason.aadsts}: {reason.name}") or reason.error in page
    assert named(reason.advice) in plain(page)
    assert f"with status {reason.status}" in page


def plain(page: str) -> str:
    """Sphinx sets typographic quotes, dashes and ellipses."""
    return page.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2026: "…"})


def named(sentence: str) -> str:
    return re.sub(r"'?\{(\w+)\}'?", r"\1", sentence)


def every_command(group: click.Group, path: str, context: click.Context) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found.append((f"{path} {name}", command))
        if isinstance(command, click.Group):
            found += every_command(command, f"{path} {name}", context)
    return found


def test_each_command_and_option_is_documented(read: Read):
    page = read("reference/commands.html")
    commands = every_command(main, "entrada", click.Context(main))
    assert len(commands) > 10
    for path, command in commands:
        assert f"Usage: {path} " in page
        section = page.partition(f"Usage: {path} ")[2].partition("Usage: ")[0]
        options = [name for one in command.params if _shown(one) for name in one.opts]
        assert [name for name in options if name not in section] == [], path


def _shown(one: click.Parameter) -> bool:
    """A hidden one is another tool's spelling of what is shown: how-to pages name them."""
    return isinstance(one, click.Option) and not one.hidden


def test_each_endpoint_is_documented(read: Read, in_process: InProcess):
    page = read("reference/endpoints.html")
    app = in_process.platform.app
    while not isinstance(app, Starlette):
        app = app._app  # type: ignore[attr-defined]
    paths = {route.path for route in app.routes if isinstance(route, Route | Mount)}
    paths.add("/portal/{room}")  # its pages are for people, whom the menu leads
    assert len(paths) > 20
    assert {path for path in paths if f" {path} " not in page} == set()
