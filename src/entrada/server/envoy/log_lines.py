"""Envoy's log as lines of ours, without what they must not say: configuration it prints, requests it died of.

A refused resource is printed whole before the reason, keys and secrets with it; after a crash the request that was
served is printed, Authorization with it.
"""

import re
from typing import Final

import structlog
from attrs import define, frozen

_log: Final[structlog.typing.FilteringBoundLogger] = structlog.get_logger()

FORMAT: Final = "%l %n %v"  # level, component, words; newlines within them escaped
LONGEST: Final = 16_384  # bytes of a line that are looked at: its beginning and its end
_LONGEST_TOLD: Final = 600

_PRINTED: Final = re.compile(r"goo\.gle/debug(?:.*\n: |.*\Z)", re.DOTALL)  # a message as text, then the reason
_QUOTED_FILE: Final = re.compile(r"(Unable to parse JSON as proto \(.*?\)): .*", re.DOTALL)
_PATTERN: Final = re.compile(r"regex '.*' RE2", re.DOTALL)  # of keys of subscriptions, for one
_ESCAPED: Final = re.compile(r"\\(.)")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r"}
_LEVELS: Final = ("trace", "debug", "info", "warning", "error", "critical")
# Before Envoy has read how its lines are to look: [time][thread][level][component] [file:line] words.
_EARLY: Final = re.compile(r"\[[^]]*\]\[\d+\]\[(\w+)\]\[(\w+)\] \[[^]]*\] (.*)", re.DOTALL)
_OF_A_REFUSAL: Final = re.compile(
    r"(?:Filesystem config update (?:rejected|failure)|error initializing configuration '[^']*'): ?"
)


@frozen
class Line:
    level: str
    component: str
    words: str


def parse_line(raw: bytes) -> Line | None:
    """None: not of the log's shape."""
    level, _, rest = raw.decode("utf-8", "replace").rstrip("\r\n").partition(" ")
    component, space, words = rest.partition(" ")
    return Line(level, component, without_what_it_quotes(_unescaped(words))) if space and level in _LEVELS else None


def _early(text: str) -> Line:
    """What is said before there is a log; a loader's complaint has no level."""
    found = _EARLY.fullmatch(text.rstrip("\r\n"))
    if found is None or found[1] not in _LEVELS:
        return Line("error", "start", text[:_LONGEST_TOLD])
    return Line(found[1], found[2], without_what_it_quotes(found[3]))


def without_what_it_quotes(words: str) -> str:
    kept = _PATTERN.sub("a regex: RE2", _QUOTED_FILE.sub(r"\1", _PRINTED.sub("", words)))
    return " ".join(kept.split())[:_LONGEST_TOLD]  # Envoy doubles spaces at random, so that nobody relies on the words


def refusal(line: Line) -> str | None:
    """The reason, where the line says that configuration was refused."""
    return line.words[found.end() :] if (found := _OF_A_REFUSAL.search(line.words)) else None


def _unescaped(words: str) -> str:
    return _ESCAPED.sub(lambda found: _ESCAPES.get(found[1], found[1]), words)


@define
class Reader:
    """Cuts what arrives into lines, tells each, but keeps the last reason for a refusal."""

    refused: str | None = None
    told: str = ""  # the last line of all: the reason where nothing starts
    serving: bool = False  # until then no request was seen: a loader's complaint is safe to tell, and all there is
    _rest: bytes = b""
    _left_out: int = 0

    def feed(self, data: bytes) -> None:
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = _shortened(rest)
        for line in lines:
            self._tell(_shortened(line))

    def close(self) -> None:
        if self._rest:
            self._tell(self._rest)
            self._rest = b""
        if self._left_out:
            _log.error("envoy_crash_not_told", lines=self._left_out)
            self._left_out = 0

    def _tell(self, raw: bytes) -> None:
        line = parse_line(raw)
        if line is None and self.serving:
            self._left_out += 1
            return
        line = line or _early(raw.decode("utf-8", "replace"))
        self.told = line.words
        if why := refusal(line):
            self.refused = why  # whoever pushed tells it: they know what it must not quote
            return
        _log.log(_LEVELS.index(line.level) * 10 or 5, "envoy", component=line.component, words=line.words)


def _shortened(line: bytes) -> bytes:
    return line if len(line) <= LONGEST else line[: LONGEST // 2] + line[-LONGEST // 2 :]
