"""One JSON line for each request: what was asked, what was answered, by which policy's verdict.  Never a token."""

import re
from typing import Final

from entrada.core.gateway.envoy.checks import SIZE
from entrada.core.gateway.envoy.wire import HTTP, JWT_AUTHN, Json, typed

STANDARD_OUTPUT: Final = "-"
_FILE: Final = "envoy.extensions.access_loggers.file.v3.FileAccessLog"
_STREAM: Final = "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"
REQUEST_ID: Final = "entrada.request_id"
FIRST_TOKEN: Final = "c0-token0"  # as `operations` calls it
_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_PATH: Final = "entrada.path"
_FIELDS: Final = {
    "time": "%START_TIME%",
    "request_id": "%FILTER_STATE(entrada.request_id:PLAIN)%",
    "trace": "%REQ(TRACEPARENT)%",
    "api": "%METADATA(ROUTE:entrada:api)%",
    "operation": "%METADATA(ROUTE:entrada:operation)%",
    "decided_by": "%METADATA(ROUTE:entrada:by)%",
    "method": "%REQ(:METHOD)%",
    "path": "%FILTER_STATE(entrada.path:PLAIN)%",
    "protocol": "%PROTOCOL%",
    "status": "%RESPONSE_CODE%",
    "details": "%RESPONSE_CODE_DETAILS%",
    "flags": "%RESPONSE_FLAGS%",
    "milliseconds": "%DURATION%",
    "backend_milliseconds": "%RESPONSE_DURATION%",
    "bytes_received": "%BYTES_RECEIVED%",
    "bytes_sent": "%BYTES_SENT%",
    "client": "%DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT%",
}


def remembering() -> Json:
    """The filter that notes what is told later: the path as it came, the request's own id, how large it is."""
    noted = {REQUEST_ID: "%UNIQUE_ID%", _PATH: "%PATH(NQ)%", SIZE: "%REQUEST_HEADERS_BYTES%"}
    values = [
        {
            "object_key": key,
            "factory_key": "envoy.string",
            "format_string": {"text_format_source": {"inline_string": text}},
        }
        for key, text in noted.items()
    ]
    config = typed(f"{HTTP}.set_filter_state.v3.Config", on_request_headers=values)
    return {"name": "envoy.filters.http.set_filter_state", "typed_config": config}


def access_log(path: str | None, claims: tuple[str, ...] = ()) -> Json:
    """*claims*: names, of the first token that is verified without a subscription key."""
    if path is None:
        return {}
    shown = {one: f"%DYNAMIC_METADATA({JWT_AUTHN}:{FIRST_TOKEN}:{one})%" for one in claims if _NAME.fullmatch(one)}
    fields: Json = {**_FIELDS, **({"claims": shown} if shown else {})}
    log_format: Json = {"json_format": fields}
    to_stream = path == STANDARD_OUTPUT
    config = typed(_STREAM, log_format=log_format) if to_stream else typed(_FILE, path=path, log_format=log_format)
    return {"access_log": [{"name": "entrada", "typed_config": config}]}
