"""Log lines: JSON for machines, coloured text for a terminal; on standard error, so that standard output stays clean.

Decisions are logged on every request, so our own lines take the short way, past the standard library's loggers; those
of libraries come through them and look the same.
"""

import logging
import os
import sys
from typing import Final, Literal

import msgspec
import structlog
from structlog.typing import Processor

LogFormat = Literal["json", "text"]

_QUIET: Final = ("httpx", "httpx2", "httpcore", "authlib", "uvicorn", "alembic")
_encoder: Final = msgspec.json.Encoder(enc_hook=str)


def configure(level: str, form: LogFormat) -> None:
    """uvicorn's access log stays off: its lines hold query strings, hence codes."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, *_render(form)],
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_render(form)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in _QUIET:
        logging.getLogger(noisy).setLevel(logging.WARNING)


def _render(form: LogFormat) -> list[Processor]:
    # Without local variables: a traceback's frames hold passwords and tokens.
    if form == "json":
        traceback = structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        )
        return [traceback, structlog.processors.JSONRenderer(serializer=_to_json)]
    plain = structlog.dev.plain_traceback
    colours = sys.stderr.isatty() and not os.environ.get("NO_COLOR")  # no-color.org
    return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)]


def _to_json(line: object, **_: object) -> str:
    return _encoder.encode(line).decode()
