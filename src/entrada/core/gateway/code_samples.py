"""A request written down as a program: curl, Python, JavaScript.  Gateway reference section 16.2.

No token and no key is ever in it: they are variables of the environment, and what a header or a query would carry of
them is left out, whatever the caller gave.  Everything else may be hostile, and stays text in each of the languages.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from attrs import field, frozen

from entrada.core.gateway import headers, query
from entrada.core.gateway.entities.api import SubscriptionKeyParameterNames
from entrada.core.gateway.headers import Headers

TOKEN: Final = "ACCESS_TOKEN"
KEY: Final = "SUBSCRIPTION_KEY"
_KEYS: Final = SubscriptionKeyParameterNames()
_SECRET_QUERY: Final = frozenset(("access_token", _KEYS.query))
_NOT_WRITTEN: Final = frozenset((_KEYS.header.lower(), "host", "content-length", "transfer-encoding", "connection"))
_UNSENT: Final = re.compile(r"[\x00-\x20\x7f]")
_PLAIN: Final = re.compile(r"[\t\x20-\x7e]*")
_WITHOUT_BODY: Final = ("GET", "HEAD")


@frozen(kw_only=True)
class Sampled:
    """*key_header* is where the key of a subscription goes; *scope* is what the token is for, None without one."""

    method: str
    url: str
    headers: Headers = ()
    body: str | None = field(default=None, repr=False)
    scope: str | None = None
    key_header: str | None = None
    key_query: str = _KEYS.query

    @property
    def plain_headers(self) -> Headers:
        """Those that hold no secret, can be sent, and are the caller's to write."""
        secret = {*headers.SENSITIVE, *_NOT_WRITTEN, (self.key_header or "").lower()}
        return tuple(
            (name, value)
            for name, value in self.headers
            if headers.is_name(name) and _PLAIN.fullmatch(value) and name.lower() not in secret
        )

    @property
    def plain_url(self) -> str:
        """Without secrets; what no request line carries is escaped."""
        path, mark, given = self.url.partition("#")[0].partition("?")
        left = query.without(given, {*_SECRET_QUERY, self.key_query})
        return _UNSENT.sub(lambda found: f"%{ord(found[0]):02X}", f"{path}{mark if left else ''}{left}")

    @property
    def sent_body(self) -> str | None:
        return None if self.method in _WITHOUT_BODY else self.body or None


def curl(sampled: Sampled) -> str:
    """For a POSIX shell."""
    return " \\\n  ".join(_curl(sampled))


def _curl(sampled: Sampled) -> Iterator[str]:
    yield "curl --globoff --path-as-is"
    yield "--head" if sampled.method == "HEAD" else f"--request {_shell(sampled.method)}"
    yield f"--url {_shell(sampled.plain_url)}"
    if sampled.scope is not None:
        yield f'--header "Authorization: Bearer ${TOKEN}"'
    if sampled.key_header is not None:
        yield f'--header {_shell(sampled.key_header + ": ")}"${KEY}"'
    for name, value in sampled.plain_headers:
        yield f"--header {_shell(f'{name}: {value}' if value.strip() else f'{name};')}"  # `name:` would leave it out
    body = sampled.sent_body
    if body is not None:
        if not headers.values(sampled.plain_headers, "Content-Type"):
            yield "--header 'Content-Type:'"  # curl would call it a form
        yield f"--data-raw {_shell(body)}" if "\0" not in body else "--data-binary @body.bin"


def _shell(text: str) -> str:
    """One word, of which the shell reads nothing else."""
    return "'" + text.replace("'", "'\\''") + "'"


def python(sampled: Sampled) -> str:
    """With the HTTP client that entrada brings along."""
    return "\n".join(_python(sampled)) + "\n"


def _python(sampled: Sampled) -> Iterator[str]:
    if sampled.key_header is not None or sampled.scope is not None:
        yield from ("import os", "")
    yield "import httpx2"
    yield from ("", "response = httpx2.request(", f"    {sampled.method!a},", f"    {sampled.plain_url!a},")
    lines = [f"({name!a}, {value!a})" for name, value in sampled.plain_headers]
    if sampled.key_header is not None:
        lines.insert(0, f'({sampled.key_header!a}, os.environ["{KEY}"])')
    if sampled.scope is not None:
        lines.insert(0, f'("Authorization", "Bearer " + os.environ["{TOKEN}"])')
    if lines:
        yield from ("    headers=[", *(f"        {line}," for line in lines), "    ],")
    if sampled.sent_body is not None:
        yield f"    content={sampled.sent_body!a}.encode(),"
    yield from (")", "print(response.status_code)", "print(response.text)")


def javascript(sampled: Sampled) -> str:
    """For Node, as a module."""
    return "\n".join(_javascript(sampled)) + "\n"


def _javascript(sampled: Sampled) -> Iterator[str]:
    yield f"const response = await fetch({_script(sampled.plain_url)}, {{"
    yield f"  method: {_script(sampled.method)},"
    lines = [f"[{_script(name)}, {_script(value)}]" for name, value in sampled.plain_headers]
    if sampled.key_header is not None:
        lines.insert(0, f"[{_script(sampled.key_header)}, process.env.{KEY}]")
    if sampled.scope is not None:
        lines.insert(0, f'["Authorization", "Bearer " + process.env.{TOKEN}]')
    if lines:
        yield from ("  headers: [", *(f"    {line}," for line in lines), "  ],")
    if sampled.sent_body is not None:
        yield f"  body: {_script(sampled.sent_body)},"
    yield from ("});", "console.log(response.status);", "console.log(await response.text());")


def _script(text: str) -> str:
    """A literal in ASCII, that would not end a `<script>` either."""
    return json.dumps(text).replace("</", "<\\/")
