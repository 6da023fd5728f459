"""One JSON line for each request: what was asked, what was answered, by which policy's verdict.  Never a token."""

from typing import Final

from entrada.core.gateway.envoy.wire import Json, typed

_FILE: Final = "envoy.extensions.access_loggers.file.v3.FileAccessLog"
_FIELDS: Final = {
    "time": "%START_TIME%",
    "request_id": "%UNIQUE_ID%",
    "trace": "%REQ(TRACEPARENT)%",
    "api": "%METADATA(ROUTE:entrada:api)%",
    "operation": "%METADATA(ROUTE:entrada:operation)%",
    "decided_by": "%METADATA(ROUTE:entrada:by)%",
    "method": "%REQ(:METHOD)%",
    "path": "%PATH(NQ)%",
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


def access_log(path: str | None) -> Json:
    if path is None:
        return {}
    config = typed(_FILE, path=path, log_format={"json_format": _FIELDS})
    return {"access_log": [{"name": "envoy.access_loggers.file", "typed_config": config}]}
