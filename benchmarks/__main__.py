"""`make bench`: the figures of design section 11, each beside its limit or target, both taken in this run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvloop
from attrs import define
from psycopg import sql

from benchmarks import client, directory, gateway, grants, load, portal
from benchmarks.flow import App, new_code, public_app, refresh_token, web_app
from benchmarks.server import Server, serving
from benchmarks.sign_limit import sign_limit
from benchmarks.start_up import first_token_of_up
from tests.plugins.postgres import PostgresServer, find_programs, make_folder

WORKERS = 2
SECONDS = 5.0


@define
class Row:
    name: str
    result: load.Result
    signatures: int  # per step: the ceiling is the sign limit divided by it
    limit: float
    target: float | None
    cpu: float  # seconds of the server's, all of it; least disturbed by what else the machine does

    def __str__(self) -> str:
        share = f"{self.result.rate * self.signatures / self.limit:5.2f}" if self.signatures else "    -"
        target = f"{self.target:.2f}" if self.target else "-"
        result = self.result
        return (
            f"  {self.name:<34}{result.rate:8.0f}/s   {share} of limit   target {target:>5}"
            f"   CPU {1e6 * self.cpu / len(result.latencies):5.0f} µs"
            f"   p50 {result.percentile(0.5):6.1f}  p99 {result.percentile(0.99):6.1f} ms"
        )


def main() -> None:
    print(f"entrada, {WORKERS} workers, load generator on the same cores, plain http, keep-alive.")
    print("Targets: design section 11. Ratios are to the RSA-2048 sign rate measured beside each row.\n")
    with tempfile.TemporaryDirectory() as folder:
        _engine("SQLite", Path(folder), f"sqlite:///{folder}/bench.sqlite3", 0.60)
        directory.pages("SQLite", f"sqlite:///{folder}/directory.sqlite3")
    portal.pages()
    if find_programs() is None:
        print("PostgreSQL: no server is installed, so not measured.")
    else:
        with _postgres() as (folder, url):
            _engine("PostgreSQL", folder, url, 0.55)
        with _postgres() as (_, url):
            directory.pages("PostgreSQL", url)
    first_token_of_up()
    client.figures()
    gateway.figures()


def _engine(name: str, folder: Path, database: str, target: float) -> None:
    print(name)
    with serving(folder, database, grants.furnish) as server:
        idle = server.memory()
        web, public = web_app(server), public_app(server)
        for row in _rows(server, web, public, target):
            print(row, flush=True)
        loaded = server.memory()
        print(f"  memory of one worker               idle {idle:.0f} MB (target 80), loaded {loaded:.0f} MB (120)")
        server.stop()
        print(f"  entrada serve to first answer      {server.start():.2f} s (target 0.7)\n", flush=True)


def _rows(server: Server, web: App, public: App, target: float) -> Iterator[Row]:
    codes: list[str] = []
    yield _measure(server, "silent authorize", _authorize(web, codes), 0, None)
    redemption = _measure(server, "redeem a code", _redeem(web, codes), 2, target)
    yield redemption
    uvloop.run(load.run(server.port, _authorize(web, codes), seconds=SECONDS))
    yield _measure(
        server, "  at 70 % of that (p99 target 10 ms)", _redeem(web, codes), 2, None, redemption.result.rate * 0.7
    )
    yield _measure(server, "rotating refresh", _refresh(public), 2, target)
    yield _measure(server, "refresh of a web app, no write", _refresh(web), 2, None)
    yield _measure(server, "whole flow: authorize, redeem, refresh", _flow(public), 4, 0.55)
    yield _measure(server, "client credentials, secret", grants.by_secret(server), 1, 0.70)
    yield _measure(server, "client credentials, certificate", grants.by_certificate(server), 1, 0.70)
    yield _measure(server, "on behalf of, no write", grants.on_behalf(server), 1, None)
    yield _measure(server, "a device's poll, pending", grants.polling(server), 0, None)


def _measure(
    server: Server, name: str, step: load.Step, signatures: int, target: float | None, rate: float = 0.0
) -> Row:
    limit, before = sign_limit(WORKERS), server.cpu()
    result = uvloop.run(load.run(server.port, step, seconds=SECONDS, rate=rate))
    return Row(name, result, signatures, limit, target, server.cpu() - before)


def _authorize(app: App, codes: list[str]) -> load.Step:
    async def step(client: load.Client, _: int) -> bool:
        codes.append(await new_code(client, app))
        return True

    return step


def _redeem(app: App, codes: list[str]) -> load.Step:
    async def step(client: load.Client, _: int) -> bool:
        if not codes:
            return False
        answer = await client.ask(app.redeem(codes.pop()))
        assert answer.status == 200, answer.body
        return True

    return step


def _refresh(app: App) -> load.Step:
    tokens: dict[int, str] = {}

    async def step(client: load.Client, number: int) -> bool:
        if number not in tokens:
            tokens[number] = refresh_token(await client.ask(app.redeem(await new_code(client, app))))
        answer = await client.ask(app.refresh(tokens[number]))
        assert answer.status == 200, answer.body
        tokens[number] = refresh_token(answer)
        return True

    return step


def _flow(app: App) -> load.Step:
    async def step(client: load.Client, _: int) -> bool:
        first = await client.ask(app.redeem(await new_code(client, app)))
        second = await client.ask(app.refresh(refresh_token(first)))
        assert second.status == 200, second.body
        return True

    return step


@contextmanager
def _postgres() -> Iterator[tuple[Path, str]]:
    programs = find_programs()
    assert programs is not None
    folder = make_folder()
    server = PostgresServer(programs, folder)
    server.make()
    server.start()
    try:
        server.admin(sql.SQL("CREATE DATABASE entrada"))
        yield folder, server.url("entrada")
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
