"""A token with all that was found out about it, and how that is printed."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import click
from attrs import field, frozen

from entrada.cli.data_output import as_json, as_yaml
from entrada.cli.endings import BAD_TOKEN, Ended
from entrada.cli.inspecting.printed import as_data, claim_lines, finding_lines, header_lines
from entrada.cli.inspecting.trusted import Trust
from entrada.cli.shown import cell
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.tokens.findings import Finding, findings
from entrada.core.protocol.tokens.taken_apart import NotReadable, TakenApart, take_apart

_NOT_VERIFIED: Final = (
    "Not verified: nobody was asked. Name whom to trust by --authority, --issuer or --jwks, or with --verify."
)


@frozen(kw_only=True)
class Look:
    token: TakenApart = field(repr=False)
    found: tuple[Finding, ...]
    verified: bool | None  # None: nobody was asked
    verification: str
    now: NumericDate

    @property
    def bad(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.found if one.bad)

    def lines(self, output: str, only: str | None) -> Iterator[str]:
        if output == "pretty":
            return self._pretty(only)
        return iter([(as_json if output == "json" else as_yaml)(self._data(only))])

    def _data(self, only: str | None) -> Mapping[str, object]:
        if only is not None:
            return self.token.claims if only == "claims" else self.token.header
        verified = {"verified": self.verified is True, "verification": self.verification}
        return as_data(self.token, self.found, self.now, verified)

    def _pretty(self, only: str | None) -> Iterator[str]:
        if only != "claims":
            yield click.style("Header", underline=True)
            yield from header_lines(self.token)
        if only != "header":
            yield click.style("Claims", underline=True)
            yield from claim_lines(self.token, self.now)
        if only is None:
            yield ""
            yield self._verdict_line()
            yield from finding_lines(self.found)

    def _verdict_line(self) -> str:
        colour = {True: "green", False: "red", None: "yellow"}[self.verified]
        return click.style(cell(self.verification), fg=colour)


def looked_at(text: str, trust: Trust | None, audiences: Sequence[str], now: NumericDate) -> Look:
    """Raises Ended for what is no token."""
    token = take_apart(text)
    if isinstance(token, NotReadable):
        raise Ended(f"Invalid JWT token format. {token.words}", BAD_TOKEN)
    found = findings(token, now, audiences)
    if trust is None:
        return Look(token=token, found=found, verified=None, verification=_NOT_VERIFIED, now=now)
    from entrada.cli.inspecting.verifying import verdict

    said = verdict(text, trust, now)
    if said.holds:
        return Look(token=token, found=found, verified=True, verification=f"Verified: {said.words}", now=now)
    found = (Finding(f"It was not verified: {said.words}", bad=True), *found)
    return Look(token=token, found=found, verified=False, verification=f"Not verified: {said.words}", now=now)
