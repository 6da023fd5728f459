"""What the gateway's policies say of a request: `decide` asked again, and compared with what the gateway answered.

The trace is of this process: it reads the same configuration and keys, and counts nothing, so that rate limits, which
count in the gateway, are the one thing that may differ.
"""

from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from attrs import define, field, frozen

from entrada.core.gateway.console.request import Written
from entrada.core.gateway.decide import conclude, decide
from entrada.core.gateway.exchange import Address, Request, Response
from entrada.core.gateway.facts import Facts
from entrada.core.gateway.headers import Headers
from entrada.core.gateway.marks import HIDDEN
from entrada.core.gateway.shown_exchange import shown_request, without
from entrada.core.gateway.trace import Entry
from entrada.core.gateway.verdict import Answer, Forward
from entrada.server.egress.answers import Sent
from entrada.server.usecases.gateway.live import Live
from entrada.server.web.console.door import Developer

_FRESH: Final = 0.25  # seconds
_PORTS: Final = {"https": 443, "http": 80}
_ENTROPY: Final = 32
_COUNTED: Final = 429


@frozen(kw_only=True)
class Replayed:
    entries: tuple[Entry, ...]
    said: str
    agrees: bool
    reason: str = ""  # the failure's
    message: str = ""
    would_pass: str = ""


@define
class Replayer:
    """One for the life of the process: what it has read of other issuers it keeps."""

    _live: Live | None = field(default=None, init=False)

    async def replay(self, developer: Developer, operation: tuple[str, str], written: Written, sent: Sent) -> Replayed:
        live = await self._looked(developer, operation)
        facts = _facts(developer, live)
        request = _request(developer, written)
        verdict = decide(live.service, request, facts)
        if isinstance(verdict, Answer):
            return _answered(verdict, sent.status)
        concluded = conclude(verdict, Response(status=sent.status, headers=_headers(sent)), facts)
        return _forwarded(verdict, concluded, sent.status)

    async def _looked(self, developer: Developer, operation: tuple[str, str]) -> Live:
        here = developer.here
        if self._live is None:
            self._live = Live(here, developer.gateway.tenant_id, here.egress.fetch_json)
        live = self._live
        await live.look(unless_within=_FRESH)
        # Asked at most every few seconds, and by whoever waits for the answer together.
        await live.look_again(one for one in live.documents_of(*operation) if one not in live.providers)
        return live


def _facts(developer: Developer, live: Live) -> Facts:
    here = developer.here
    return Facts(
        now=here.clock(),
        request_id=UUID(bytes=here.entropy(16)),
        entropy=here.entropy(_ENTROPY),
        authority=here.origin,
        providers=live.providers,
        failures=live.failures,
    )


def _request(developer: Developer, written: Written) -> Request:
    parts = urlsplit(developer.gateway.origin)
    host = parts.hostname or ""
    url = Address(
        scheme=parts.scheme,
        host=host,
        port=parts.port or _PORTS[parts.scheme],
        path=written.path,
        query=written.query,
    )
    lines: Headers = (("Host", parts.netloc), *written.headers)
    if written.body:
        lines = (*lines, ("Content-Length", str(len(written.body))))
    return Request(method=written.method, url=url, headers=lines, client_address="127.0.0.1")


def _headers(sent: Sent) -> Headers:
    return tuple(sent.headers)


def _answered(verdict: Answer, status: int) -> Replayed:
    failure, same = verdict.failure, verdict.response.status == status
    ours = verdict.response.status
    if status == _COUNTED and not same:
        said = f"The policies answer {ours} here, where nothing is counted: the 429 is a rate limit's or a quota's."
        return Replayed(entries=verdict.trace, said=said, agrees=False)
    return Replayed(
        entries=verdict.trace,
        agrees=same,
        said="The gateway answered the same."
        if same
        else f"It differs: the policies as they are now answer {ours}, the gateway answered {status}. "
        "It may serve what was configured a moment ago: send again.",
        reason=failure.reason if failure else "",
        message=without(failure.message, verdict.secrets) if failure else "",
        would_pass=_would_pass(verdict.trace) if failure else "",
    )


def _would_pass(entries: tuple[Entry, ...]) -> str:
    """As the trace says it, which holds no secret."""
    return next((one.would_pass for one in reversed(entries) if one.would_pass), "")


def _forwarded(forward: Forward, concluded: Answer, status: int) -> Replayed:
    shown = shown_request(forward).url.partition("?")[0]
    where = "its backend" if shown == HIDDEN else shown
    if status == _COUNTED:
        said = (
            "The policies let it through here, where nothing is counted: the 429 is a rate limit's, or the backend's."
        )
        return Replayed(entries=concluded.trace, said=said, agrees=False)
    if concluded.response.status != status:
        said = (
            f"It differs: the policies make {concluded.response.status} of the answer, the gateway answered {status}."
        )
        return Replayed(entries=concluded.trace, said=said, agrees=False)
    said = f"The policies let it through to {where}, and the answer is the backend's."
    if status in (401, 403):
        said += f" So the {status} is too, unless the gateway still serves other policies or keys than these."
    if status >= 500:
        said += " The gateway itself answers so where the backend cannot be reached: look at the API's service URL."
    return Replayed(entries=concluded.trace, said=said, agrees=True)
