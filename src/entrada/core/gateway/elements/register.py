"""The policies that are executed, by the names of their elements."""

from typing import Final

from entrada.core.gateway.elements import (
    check_header,
    choose,
    cors,
    forward_request,
    ip_filter,
    mock_response,
    rate_limit,
    rate_limit_by_key,
    return_response,
    rewrite_uri,
    set_backend_service,
    set_header,
    set_query_parameter,
    set_status,
    set_variable,
    validate_azure_ad_token,
    validate_jwt,
)

_MODULES: Final = (
    check_header,
    choose,
    cors,
    forward_request,
    ip_filter,
    mock_response,
    rate_limit,
    rate_limit_by_key,
    return_response,
    rewrite_uri,
    set_backend_service,
    set_header,
    set_query_parameter,
    set_status,
    set_variable,
    validate_azure_ad_token,
    validate_jwt,
)
KINDS: Final = {module.KIND.name: module.KIND for module in _MODULES}
