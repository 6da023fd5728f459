"""What scripts of other origins may do with Graph: everything, as no browser adds a token by itself.  Fetch §3.2."""

from typing import Final

CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PATCH, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "authorization, content-type, client-request-id, sdkversion, consistencylevel, "
    "if-match, prefer, return-client-request-id, x-anchormailbox",
    "Access-Control-Expose-Headers": "request-id, client-request-id, etag, location, preference-applied, retry-after",
    "Access-Control-Max-Age": "600",
}
