"""What the browser's tab says when the sign-in has ended, well or not.

Whole in itself: no script, nothing fetched, and nothing of the answer in it but words that explain a refusal.
"""

import hashlib
from base64 import b64encode
from html import escape
from typing import Final

from attrs import frozen

_STYLE: Final = """
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; display: grid; min-height: 100vh; place-items: center; color: #1b1a19; background: #faf9f8; }
main { box-sizing: border-box; width: 100%; max-width: 34rem; padding: 1.5rem; }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0 0 0.75rem; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { color: #f3f2f1; background: #1b1a19; } }
"""
_DIGEST: Final = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_DIGEST}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@frozen(kw_only=True)
class Page:
    heading: str
    words: tuple[str, ...]

    def html(self) -> bytes:
        paragraphs = "\n".join(f"<p>{escape(sentence)}</p>" for sentence in self.words if sentence)
        return _WHOLE.format(heading=escape(self.heading), style=_STYLE, paragraphs=paragraphs).encode()


_WHOLE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<main>
<h1>{heading}</h1>
{paragraphs}
</main>
</body>
</html>
"""

SIGNED_IN: Final = Page(
    heading="You are signed in", words=("You may close this window and return to the program that asked.",)
)
DECLINED: Final = Page(heading="You are not signed in", words=("You said no. You may close this window.",))
INTERRUPTED: Final = Page(
    heading="You are not signed in",
    words=("The program that asked has stopped waiting. You may close this window.",),
)
NOT_HERE: Final = Page(heading="There is nothing here", words=("This address only takes the answer of a sign-in.",))
NOT_THAT_ANSWER: Final = Page(
    heading="That is not the answer to this sign-in",
    words=("It belongs to another one, or holds what no answer does. The program is still waiting for the right one.",),
)


def failed(why: str, advice: str = "") -> Page:
    return Page(heading="You are not signed in", words=(f"{why.rstrip('.')}.", advice, "You may close this window."))
