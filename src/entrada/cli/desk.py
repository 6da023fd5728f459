"""Where the commands that administer a directory send their requests: Graph, here in this process or at a server.

Locally nobody is asked for a token: whoever reads the master key and writes the database may everything.
"""

import asyncio
from collections.abc import Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Final, Protocol, cast
from urllib.parse import urlsplit

import click
from attrs import frozen

from entrada.cli.places import place

Json = dict[str, Any]
_PAGE: Final = 500


class Graph(Protocol):
    """Answers a request to Graph: the status and the decoded body, None where there is none."""

    async def ask(self, method: str, path: str, body: object | None) -> tuple[int, Any]: ...
    async def close(self) -> None: ...


@frozen
class Desk:
    """What a command works at.  Every method raises click.ClickException with what Graph says of a refusal."""

    graph: Graph
    runner: asyncio.Runner

    def get(self, path: str) -> Json:
        return cast("Json", self._ask("GET", path))

    def post(self, path: str, body: object | None = None) -> Json:
        return cast("Json", self._ask("POST", path, {} if body is None else body))

    def patch(self, path: str, body: object) -> None:
        self._ask("PATCH", path, body)

    def delete(self, path: str) -> None:
        self._ask("DELETE", path)

    def find(self, path: str) -> Json | None:
        """None where there is no such object."""
        status, body = self.runner.run(self.graph.ask("GET", path, None))
        return None if status == 404 else cast("Json", _unless_refused(status, body))

    def every(self, path: str, *, most: int | None = None) -> Iterator[Json]:
        """The objects of a collection, page after page, as they are needed."""
        size = min(most or _PAGE, _PAGE)
        link: str | None = f"{path}{'&' if '?' in path else '?'}$top={size}"
        left = most
        while link is not None:
            page = self.get(link)
            for one in page["value"]:
                yield one
                left = None if left is None else left - 1
                if left == 0:
                    return
            following = page.get("@odata.nextLink")
            link = None if following is None else _path_of(following)

    def _ask(self, method: str, path: str, body: object | None = None) -> Any:
        return _unless_refused(*self.runner.run(self.graph.ask(method, path, body)))


def _path_of(link: str) -> str:
    parts = urlsplit(link)
    return f"{parts.path.removeprefix('/v1.0')}?{parts.query}"


def _unless_refused(status: int, body: Any) -> Any:
    if status < 400:
        return body
    error: Any = cast("Mapping[str, Any]", body).get("error", {}) if isinstance(body, Mapping) else {}
    target = f" ({error['target']})" if error.get("target") else ""
    details = "".join(f" {one['message']}" for one in error.get("details", ()))
    raise click.ClickException(f"{error.get('message', f'The server answered {status}.')}{target}{details}")


def desk_options(command: Any) -> Any:
    """Adds the options that say where, and hands the command its `desk`."""

    @wraps(command)
    def with_desk(
        *args: Any,
        server: str | None,
        token_file: Any,
        tenant: str | None,
        config: Path | None,
        data_dir: Path | None,
        **options: Any,
    ) -> Any:
        with asyncio.Runner() as runner:
            graph = _graph(server, token_file, tenant, config, data_dir)
            desk = Desk(graph, runner)
            try:
                return command(*args, desk=desk, **options)
            finally:
                runner.run(graph.close())

    for option in reversed(_OPTIONS):
        with_desk = option(with_desk)
    return with_desk


_OPTIONS: Final = (
    click.option(
        "--tenant",
        metavar="ID|DOMAIN",
        envvar="ENTRADA_TENANT",
        show_envvar=True,
        help="Whose directory; not needed where there is one only, and at a server the token says.",
    ),
    click.option(
        "--server",
        metavar="URL",
        envvar="ENTRADA_SERVER",
        show_envvar=True,
        help="A server to ask in place of the database here, such as https://login.example.com.",
    ),
    click.option(
        "--token-file",
        type=click.File(encoding="ascii"),
        help="Where the access token for Microsoft Graph is, at a server; - for standard input, $ENTRADA_TOKEN else.",
    ),
    click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="ENTRADA_CONFIG",
        show_envvar=True,
        help="A TOML file of settings, of a production here.",
    ),
    click.option(
        "--data-dir",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="ENTRADA_DATA_DIR",
        show_envvar=True,
        help="Folder of the installation here.",
    ),
)


def _graph(
    server: str | None, token_file: Any, tenant: str | None, config: Path | None, data_dir: Path | None
) -> Graph:
    if server is None:
        if token_file is not None:
            raise click.UsageError("--token-file is for a --server.")
        from entrada.cli.graph_here import GraphHere  # the whole platform: 300 ms

        return GraphHere(place(config, data_dir), tenant)
    if tenant is not None:
        raise click.UsageError("At a server the token says whose directory it is: leave --tenant out.")
    from entrada.cli.graph_there import GraphThere  # it loads what fetches: 50 ms

    return GraphThere.at(server, token_file.read().strip() if token_file else None, place(None, data_dir))
