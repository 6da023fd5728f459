"""An API: where the gateway serves it, and what stands behind.  Gateway reference section 13.1."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from entrada.core.directory.application_rules import Broken
from entrada.core.gateway import headers
from entrada.core.gateway.entities import security
from entrada.core.gateway.entities.ids import ApiId, about_id, about_name
from entrada.core.gateway.entities.security import AuthenticationSettings
from entrada.core.gateway.entities.url import HOSTS, web_url

LONGEST_PATH: Final = 400
_PATH: Final = re.compile(r"(?:[A-Za-z0-9._~!$'()@,;=-]+(?:/[A-Za-z0-9._~!$'()@,;=-]+)*)?")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9._~-]{1,100}")


class Protocol(StrEnum):
    HTTP = "http"
    HTTPS = "https"


@frozen(kw_only=True)
class SubscriptionKeyParameterNames:
    header: str = "Ocp-Apim-Subscription-Key"
    query: str = "subscription-key"


@frozen(kw_only=True)
class Api:
    """Versions are told apart by a segment of the path; version sets by query or header are not served."""

    id: ApiId
    display_name: str
    path: str = ""  # without slashes around it; may be empty
    service_url: str = ""  # empty: a policy says where to, or answers itself
    description: str = ""
    protocols: tuple[Protocol, ...] = (Protocol.HTTPS,)
    subscription_required: bool = True
    subscription_key_parameter_names: SubscriptionKeyParameterNames = field(factory=SubscriptionKeyParameterNames)
    authentication_settings: AuthenticationSettings = field(factory=AuthenticationSettings)
    api_version: str | None = None
    api_revision: str = "1"
    api_revision_description: str = ""
    terms_of_service_url: str | None = None
    schemas: Mapping[str, object] = field(factory=dict[str, object], repr=False, hash=False)
    """What the representations of its operations refer to (`entrada.core.gateway.schemas.kept`)."""

    @property
    def public_path(self) -> str:
        """With the segment of its version; starts with a slash unless it is empty."""
        return "".join(f"/{part}" for part in (self.path, self.api_version) if part)


def problems(api: Api) -> Iterator[Broken]:
    yield from about_id(api.id)
    yield from about_name(api.display_name)
    yield from _about_paths(api)
    yield from _about_keys(api.subscription_key_parameter_names)
    yield from security.problems(api.authentication_settings)
    if not api.protocols:
        yield Broken("Name at least one protocol.", "protocols")


def _about_paths(api: Api) -> Iterator[Broken]:
    if len(api.path) > LONGEST_PATH or not _PATH.fullmatch(api.path) or _has_dots(api.path):
        yield Broken("A path is segments joined by slashes, without a slash at either end: hr/employees.", "path")
    if api.api_version is not None and (not _SEGMENT.fullmatch(api.api_version) or _has_dots(api.api_version)):
        yield Broken("A version is one segment of the path: v1.", "apiVersion")
    if api.service_url and ((url := web_url(api.service_url)) is None or url.query):
        yield Broken(f"The URL of a backend starts with https:// or http://, {HOSTS}; it has no query.", "serviceUrl")


def _has_dots(path: str) -> bool:
    return any(segment in (".", "..") for segment in path.split("/"))


def _about_keys(names: SubscriptionKeyParameterNames) -> Iterator[Broken]:
    if not headers.is_name(names.header) or names.header.lower() in ("authorization", "cookie", "host"):
        yield Broken("The header of the key is a header of its own.", "subscriptionKeyParameterNames.header")
    if not names.query:
        yield Broken("The query parameter of the key needs a name.", "subscriptionKeyParameterNames.query")
