"""How flows and scopes are spelled on a command line and in a profile: every spelling that people bring along."""

import re
from enum import StrEnum
from typing import Final


class FlowName(StrEnum):
    INTERACTIVE = "interactive"
    AUTHORIZATION_CODE = "authorization-code"
    DEVICE_CODE = "device-code"
    CLIENT_CREDENTIALS = "client-credentials"
    MANAGED_IDENTITY = "managed-identity"


_OTHERWISE: Final = {  # with nothing but letters, as other tools call them
    "interactivebrowser": FlowName.INTERACTIVE,
    "browser": FlowName.INTERACTIVE,
    "web": FlowName.INTERACTIVE,
    "code": FlowName.AUTHORIZATION_CODE,
    "device": FlowName.DEVICE_CODE,
    "msi": FlowName.MANAGED_IDENTITY,
} | {name.value.replace("-", ""): name for name in FlowName}


def parse_flow(text: str) -> FlowName | None:
    """`device-code`, `DeviceCode`, `device_code`, `devicecode`: one flow."""
    return _OTHERWISE.get(re.sub(r"[-_\s]", "", text).lower())


def parse_scopes(*texts: str) -> tuple[str, ...]:
    """Separated by spaces or commas, each once, in the order given.  RFC 6749 §3.3 has spaces, people have commas."""
    return tuple(dict.fromkeys(scope for text in texts for scope in re.split(r"[\s,]+", text) if scope))
