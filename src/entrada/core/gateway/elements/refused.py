"""Azure's policies that are not executed here: why not, and what to use instead.  Gateway reference 6 to 12.

None is skipped silently: a document that names one is refused when it is saved.
"""

from typing import Final

_LLM: Final = ("It is for services of language models.", "call such a service from the backend.")
_DAPR: Final = ("It needs a Dapr sidecar.", "name the backend by set-backend-service.")
_CACHE: Final = ("Responses are not cached here.", "let the backend send Cache-Control, for a cache in front.")
_CACHE_VALUE: Final = ("Nothing is cached here.", "use set-variable within a request, or let the backend remember.")
_BODY: Final = ("Bodies pass through the gateway unread.", "let the backend do it, or answer by return-response.")
_VALIDATE: Final = (
    "Bodies pass through the gateway unread, and descriptions are not enforced.",
    "let the backend validate; check-header and choose look at headers, query and claims.",
)
_CALL: Final = ("Policies make no calls of their own here.", "let the backend make the call.")
_GRAPHQL: Final = ("GraphQL APIs are not served.", "publish it as an HTTP API whose operation is POST.")
_LOG: Final = ("Policies send nothing to other services here.", "read the gateway's access log and its metrics.")
_CONTENT: Final = ("It rewrites bodies.", "let the backend answer in the wanted form.")

REFUSED: Final[dict[str, tuple[str, str]]] = {
    "include-fragment": ("Fragments are not supported.", "write the fragment's statements here."),
    "authentication-basic": (
        "Credentials of backends are not kept in policies here.",
        'set the Authorization header by set-header, from a secret named value: "Basic {{credentials}}".',
    ),
    "authentication-certificate": (
        "Certificates are not stored here.",
        "let a proxy in front of the backend bring the certificate, or use a secret header.",
    ),
    "authentication-managed-identity": (
        "The gateway asks for no tokens of its own.",
        "let the backend do it, or set a secret named value as its header.",
    ),
    "get-authorization-context": ("There is no credential manager.", "let the backend get its tokens."),
    "validate-client-certificate": (
        "Certificates of clients are not looked at by policies.",
        "ask for tokens by validate-jwt.",
    ),
    "validate-odata-request": _VALIDATE,
    "validate-graphql-request": _GRAPHQL,
    "validate-content": _VALIDATE,
    "validate-parameters": _VALIDATE,
    "validate-headers": _VALIDATE,
    "validate-status-code": ("Answers of backends are not held to their description.", "use choose and set-status."),
    "limit-concurrency": ("Calls under way are not counted.", "use rate-limit-by-key."),
    "quota": ("Long quotas are not counted.", "use rate-limit: up to 300 seconds."),
    "quota-by-key": ("Long quotas are not counted.", "use rate-limit-by-key: up to 300 seconds."),
    "cache-lookup": _CACHE,
    "cache-store": _CACHE,
    "cache-lookup-value": _CACHE_VALUE,
    "cache-store-value": _CACHE_VALUE,
    "cache-remove-value": _CACHE_VALUE,
    "cross-domain": ("It is for Flash and Silverlight.", "use cors."),
    "jsonp": ("It lets every page read answers.", "use cors."),
    "find-and-replace": _BODY,
    "json-to-xml": _CONTENT,
    "xml-to-json": _CONTENT,
    "xsl-transform": _CONTENT,
    "redirect-content-urls": (
        "It rewrites bodies.",
        "let the backend make its links from the headers X-Forwarded-Host and X-Forwarded-Prefix.",
    ),
    "set-body": (
        "Bodies pass through the gateway unread, so it stands in return-response alone.",
        "write it in <return-response>.",
    ),
    "set-method": ("The method of a request is not changed.", "publish an operation with the backend's method."),
    "set-status": (
        "Before the backend has answered there is no status to set.",
        "write it in <return-response>, <outbound> or <on-error>.",
    ),
    "retry": ("A request is sent once.", "let clients, or a proxy before the backend, repeat it."),
    "wait": ("Policies make no calls of their own here, so there is nothing to wait for.", "leave it out."),
    "send-request": _CALL,
    "send-one-way-request": _CALL,
    "proxy": ("Requests go to backends directly.", "set the gateway's own egress proxy."),
    "trace": (
        "The gateway traces every element by itself.",
        "leave it out, and look at the trace in the developer console.",
    ),
    "emit-metric": _LOG,
    "log-to-eventhub": _LOG,
    "publish-to-dapr": _DAPR,
    "invoke-dapr-binding": _DAPR,
    "set-graphql-resolver": _GRAPHQL,
    "http-data-source": _GRAPHQL,
    "sql-data-source": _GRAPHQL,
    "cosmosdb-data-source": _GRAPHQL,
    "publish-event": _GRAPHQL,
    "azure-openai-emit-token-metric": _LLM,
    "azure-openai-token-limit": _LLM,
    "azure-openai-semantic-cache-lookup": _LLM,
    "azure-openai-semantic-cache-store": _LLM,
    "llm-content-safety": _LLM,
    "llm-emit-token-metric": _LLM,
    "llm-token-limit": _LLM,
    "llm-semantic-cache-lookup": _LLM,
    "llm-semantic-cache-store": _LLM,
}
