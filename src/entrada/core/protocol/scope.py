"""What a scope parameter asks for: which resource, which permissions.  RFC 6749 §3.3; reference section 26."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from attrs import field, frozen

from entrada.core.directory.application import Application
from entrada.core.directory.ids import ClientId, parse_guid
from entrada.core.directory.permission import PermissionScope
from entrada.core.errors import catalogue as why
from entrada.core.errors.reason import Refusal

OIDC = frozenset({"openid", "profile", "email", "offline_access"})
DEFAULT = ".default"
MAX_WORDS = 100  # each may cost a look-up
MAX_RESOURCES = 20
_OFTEN_SENT = 512
GRAPH = "https://graph.microsoft.com"
_SCOPE_TOKEN = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+", re.ASCII)  # RFC 6749 appendix A.4


@frozen
class Word:
    """One scope as spelled: *prefix* with its slash names the resource, empty for Graph's bare names."""

    prefix: str
    value: str
    spelled: str = ""  # where that is not both in a row

    @property
    def identifier(self) -> str:
        """The resource's identifier URI or client id."""
        return self.prefix[:-1] or GRAPH

    def __str__(self) -> str:
        return self.spelled or self.prefix + self.value


@frozen(kw_only=True)
class ResourceScopes:
    """One resource's part of a scope parameter."""

    resource: Application
    words: tuple[Word, ...]
    scopes: tuple[PermissionScope, ...]  # those named one by one
    default: bool  # `.default` was among them

    @property
    def prefix(self) -> str:
        return self.words[0].prefix


@frozen(kw_only=True)
class ScopeRequest:
    oidc: frozenset[str]
    resources: tuple[ResourceScopes, ...]  # in the order asked; empty when only OIDC scopes are
    text: str = field(default="")


def parse_words(scope: str) -> tuple[Word, ...] | Refusal:
    """Split and check the syntax; each word once, in the order asked."""
    # What clients send again and again is short; what is long is a stranger's, and not worth remembering.
    return _parse_again(scope) if len(scope) <= _OFTEN_SENT else _parse(scope)


def _parse(scope: str) -> tuple[Word, ...] | Refusal:
    words: dict[str, Word] = {}
    for text in scope.split(" "):
        if text and not _SCOPE_TOKEN.fullmatch(text):
            return Refusal(why.INVALID_SCOPE, {"scope": text})
        if text:
            words[text] = _word(text)
    if any(not word.value or _names_nothing(word) for word in words.values()):
        return Refusal(why.INVALID_SCOPE, {"scope": scope})
    if len(words) > MAX_WORDS or len(identifiers(words.values())) > MAX_RESOURCES:
        return Refusal(why.INVALID_SCOPE, {"scope": f"{scope[:100]}…"})
    return tuple(words.values())


def _word(text: str) -> Word:
    if parse_guid(text):
        return Word(f"{text}/", DEFAULT, text)  # an application by its id alone: reference section 26
    # Cut at the last slash; `https://management.azure.com//.default` keeps one for the identifier.
    prefix, slash, value = text.rpartition("/")
    return Word(prefix + slash, value)


def _names_nothing(word: Word) -> bool:
    """`/User.Read` is not Graph's: where a slash stands, a resource stands before it."""
    return bool(word.prefix) and not word.prefix.strip("/")


_parse_again = lru_cache(maxsize=1024)(_parse)


def identifiers(words: Iterable[Word]) -> frozenset[str]:
    """The resources that must be looked up before `resolve` can decide."""
    return frozenset(word.identifier for word in words if not _is_oidc(word))


def resolve(words: tuple[Word, ...], known: Mapping[str, Application], tenant: str) -> ScopeRequest | Refusal:
    """Match each word with what the resources offer; *known* answers for every one of `identifiers(words)`."""
    by_resource: dict[ClientId, list[Word]] = {}
    for word in words:
        if _is_oidc(word):
            continue
        resource = known.get(word.identifier)
        if resource is None:
            return Refusal(why.RESOURCE_NOT_FOUND, {"resource": word.identifier, "tenant": tenant})
        by_resource.setdefault(resource.app_id, []).append(word)
    found = [_resource_scopes(known[asked[0].identifier], tuple(asked)) for asked in by_resource.values()]
    resources = tuple(one for one in found if isinstance(one, ResourceScopes))
    if refusal := next((one for one in found if isinstance(one, Refusal)), None):
        return refusal
    oidc = frozenset(word.value for word in words if _is_oidc(word))
    return ScopeRequest(oidc=oidc, resources=resources, text=" ".join(map(str, words)))


def _is_oidc(word: Word) -> bool:
    # The four are hosted on Graph: https://graph.microsoft.com/openid is the same permission.
    return word.value in OIDC and word.identifier.removesuffix("/") == GRAPH


def _resource_scopes(resource: Application, words: tuple[Word, ...]) -> ResourceScopes | Refusal:
    default = any(word.value == DEFAULT for word in words)
    if default and len(words) > 1:
        return Refusal(why.INVALID_SCOPE, {"scope": " ".join(map(str, words))})
    offered = resource.offered
    for word in words:
        if not default and word.value.lower() not in offered:
            return Refusal(why.SCOPE_NOT_FOUND, {"scope": word.value, "resource": resource.display_name})
    scopes = () if default else tuple(offered[word.value.lower()] for word in words)
    return ResourceScopes(resource=resource, words=words, scopes=scopes, default=default)
