"""The members of `context` and of what it leads to.  Gateway reference section 12.1."""

from operator import attrgetter
from typing import Final

from entrada.core.gateway.expressions.members.member import Properties, Property
from entrada.core.gateway.expressions.type import (
    API,
    BASIC,
    BOOL,
    CONTEXT,
    DATE_TIME,
    DEPLOYMENT,
    GUID,
    HEADERS,
    INT,
    JWT,
    LAST_ERROR,
    OPERATION,
    PARAMETERS,
    PRODUCT,
    PRODUCT_STATE,
    REQUEST,
    RESPONSE,
    STRING,
    STRINGS,
    SUBSCRIPTION,
    TIME_SPAN,
    URL,
    USER,
    VARIABLES,
    AnyType,
    nullable,
)


def _plain(name: str, of: AnyType) -> Property:
    return Property(of, attrgetter(name))


# fmt: off
CONTEXT_PROPERTIES: Final[dict[AnyType, Properties]] = {
    CONTEXT: {
        "Api":          _plain("api", API),
        "Deployment":   _plain("deployment", DEPLOYMENT),
        "Elapsed":      _plain("elapsed", TIME_SPAN),
        "LastError":    _plain("last_error", LAST_ERROR),
        "Operation":    _plain("operation", OPERATION),
        "Product":      _plain("product", PRODUCT),
        "Request":      _plain("request", REQUEST),
        "RequestId":    _plain("request_id", GUID),
        "Response":     _plain("response", RESPONSE),
        "Subscription": _plain("subscription", SUBSCRIPTION),
        "Timestamp":    _plain("timestamp", DATE_TIME),
        "Tracing":      _plain("tracing", BOOL),
        "User":         _plain("user", USER),
        "Variables":    _plain("variables", VARIABLES),
    },
    REQUEST: {
        "Headers":           _plain("headers", HEADERS),
        "IpAddress":         _plain("ip_address", STRING),
        "MatchedParameters": _plain("matched_parameters", PARAMETERS),
        "Method":            _plain("method", STRING),
        "OriginalUrl":       _plain("original_url", URL),
        "Url":               _plain("url", URL),
    },
    RESPONSE: {
        "Headers":      _plain("headers", HEADERS),
        "StatusCode":   _plain("status_code", INT),
        "StatusReason": _plain("status_reason", STRING),
    },
    URL: {
        "Host":        _plain("host", STRING),
        "Path":        _plain("path", STRING),
        "Port":        _plain("port", INT),
        "Query":       _plain("query", HEADERS),
        "QueryString": _plain("query_string", STRING),
        "Scheme":      _plain("scheme", STRING),
    },
    LAST_ERROR: {
        "Message":  _plain("message", STRING),
        "Path":     _plain("path", STRING),
        "PolicyId": _plain("policy_id", STRING),
        "Reason":   _plain("reason", STRING),
        "Scope":    _plain("scope", STRING),
        "Section":  _plain("section", STRING),
        "Source":   _plain("source", STRING),
    },
    API: {
        "Id":                _plain("id", STRING),
        "IsCurrentRevision": _plain("is_current_revision", BOOL),
        "Name":              _plain("name", STRING),
        "Path":              _plain("path", STRING),
        "Revision":          _plain("revision", STRING),
        "ServiceUrl":        _plain("service_url", URL),
        "Version":           _plain("version", STRING),
    },
    OPERATION: {
        "Id":          _plain("id", STRING),
        "Method":      _plain("method", STRING),
        "Name":        _plain("name", STRING),
        "UrlTemplate": _plain("url_template", STRING),
    },
    PRODUCT: {
        "ApprovalRequired":     _plain("approval_required", BOOL),
        "Id":                   _plain("id", STRING),
        "Name":                 _plain("name", STRING),
        "State":                _plain("state", PRODUCT_STATE),
        "SubscriptionLimit":    _plain("subscription_limit", nullable(INT)),
        "SubscriptionRequired": _plain("subscription_required", BOOL),
    },
    SUBSCRIPTION: {
        "CreatedDate":  _plain("created_date", DATE_TIME),
        "EndDate":      _plain("end_date", nullable(DATE_TIME)),
        "Id":           _plain("id", STRING),
        "Key":          _plain("key", STRING),
        "Name":         _plain("name", STRING),
        "PrimaryKey":   _plain("primary_key", STRING),
        "SecondaryKey": _plain("secondary_key", STRING),
        "StartDate":    _plain("start_date", nullable(DATE_TIME)),
    },
    USER: {
        "Email":            _plain("email", STRING),
        "FirstName":        _plain("first_name", STRING),
        "Id":               _plain("id", STRING),
        "LastName":         _plain("last_name", STRING),
        "Note":             _plain("note", STRING),
        "RegistrationDate": _plain("registration_date", DATE_TIME),
    },
    DEPLOYMENT: {
        "GatewayId":   _plain("gateway_id", STRING),
        "Region":      _plain("region", STRING),
        "ServiceName": _plain("service_name", STRING),
    },
    JWT: {
        "Algorithm":      _plain("algorithm", STRING),
        "Audiences":      _plain("audiences", STRINGS),
        "Claims":         _plain("claims", HEADERS),
        "ExpirationTime": _plain("expiration_time", nullable(DATE_TIME)),
        "Id":             _plain("id", STRING),
        "IssuedAt":       _plain("issued_at", nullable(DATE_TIME)),
        "Issuer":         _plain("issuer", STRING),
        "NotBefore":      _plain("not_before", nullable(DATE_TIME)),
        "Subject":        _plain("subject", STRING),
        "Type":           _plain("type", STRING),
    },
    BASIC: {
        "Password": _plain("password", STRING),
        "UserId":   _plain("user_id", STRING),
    },
}
# fmt: on
