"""One process of the platform: `python -m tests.stress.serve_on FOLDER DATABASE-URL ORIGIN PORT`.

Several of them may share a database and a folder, which holds the master key.  Plain http, so that a load is spent on
what is tried; the development directory; the real clock.  It ends when its standard input does: no test that is killed
leaves one behind.
"""

import asyncio
import sys
from pathlib import Path

import uvicorn
import uvloop

from entrada.cli.development import prepare
from entrada.server import app, logs
from entrada.server.settings import Settings


async def serve(folder: Path, database: str, origin: str, port: int) -> None:
    settings = Settings(origin=origin, database=database, data_dir=str(folder))
    prepared = await prepare(settings, folder, exposed=False)
    platform = app.application(prepared.here, app.Exposure(("localhost",)))
    server = uvicorn.Server(
        uvicorn.Config(platform, host="127.0.0.1", port=port, log_config=None, access_log=False, server_header=False)
    )

    def stop() -> None:
        server.should_exit = True

    asyncio.get_running_loop().add_reader(sys.stdin.fileno(), stop)
    await server.serve()


if __name__ == "__main__":
    logs.configure("warning", "json")
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])))
