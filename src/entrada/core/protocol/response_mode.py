"""How an authorization response travels back.  OAuth 2.0 Multiple Response Type Encoding Practices, Form Post."""

from collections.abc import Sequence
from enum import StrEnum
from urllib.parse import quote, urlencode, urlsplit

from attrs import frozen

Fields = Sequence[tuple[str, str]]


class ResponseMode(StrEnum):
    QUERY = "query"
    FRAGMENT = "fragment"
    FORM_POST = "form_post"


@frozen
class Reply:
    """An authorization response on its way to a registered redirect URI.  *fields* hold codes: never log them."""

    redirect_uri: str
    mode: ResponseMode
    fields: Fields

    @property
    def location(self) -> str:
        """The URL of a query or fragment response."""
        encoded = urlencode(self.fields, quote_via=quote)
        target = _with_path(self.redirect_uri)
        if self.mode is ResponseMode.FRAGMENT:
            return f"{target}#{encoded}"
        separator = "&" if "?" in target else "?"
        # The empty fragment keeps a fragment of the request URL from surviving into the app (reference 9.3).
        return f"{target}{separator}{encoded}#"


def parse_response_mode(text: str | None) -> ResponseMode | None:
    """The mode named; query, the default of response_type=code, when none is.  None: not one of ours."""
    if text is None:
        return ResponseMode.QUERY
    try:
        return ResponseMode(text)
    except ValueError:
        return None


def _with_path(uri: str) -> str:
    # Entra puts the missing "/" before a query or fragment: https://app.example -> https://app.example/?code=
    parts = urlsplit(uri)
    return parts._replace(path="/").geturl() if parts.netloc and not parts.path else uri
