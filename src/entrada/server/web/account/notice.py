"""What a form has done, told by the page that follows it; sealed, or a link could tell what never happened.

It brings along which applications' sessions have ended, so that the page can tell them in frames.
"""

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from entrada.core.jose.numeric_date import Seconds
from entrada.core.protocol.artefacts import purposes
from entrada.core.protocol.artefacts.account_form import AccountNotice, pack_account_notice, unpack_account_notice
from entrada.core.protocol.logout.frontchannel import frontchannel_urls
from entrada.core.sealing.envelope import NotSealed
from entrada.server.usecases.browser import Browser
from entrada.server.usecases.installation import Installation
from entrada.server.usecases.lookup import find_application
from entrada.server.usecases.own_sessions import Used

FIELD: Final = "done"
SESSION: Final = "session"
EVERYWHERE: Final = "everywhere"
CONSENT: Final = "consent"
PASSWORD: Final = "password"
AUTHENTICATOR: Final = "authenticator"
_SHOWN_FOR: Final = Seconds(5 * 60)
_MOST: Final = 40  # the notice travels in a URL

WORDS: Final = {
    SESSION: "The session has ended, and its applications cannot renew their access.",
    EVERYWHERE: "You are signed out everywhere.",
    CONSENT: "The consent is taken back. What the application got before ends within the hour or so.",
    PASSWORD: "The password is changed. Every other session has ended, and this one goes on.",
    AUTHENTICATOR: "The authenticator is removed, and its recovery codes with it.",
}


@frozen
class Notice:
    text: str | None
    frontchannel: tuple[str, ...]


def seal_notice(here: Installation, browser: Browser, word: str, used: Iterable[Used] = ()) -> str:
    ended = tuple((one.client_id, one.session_id) for one in used)[:_MOST]
    notice = AccountNotice(browser=browser.digest, sealed_at=here.clock(), word=word, ended=ended)
    return here.seal(pack_account_notice(notice), purpose=purposes.ACCOUNT_NOTICE)


async def read_notice(here: Installation, sealed: str | None, browser: Browser) -> Notice:
    try:
        opened = here.open(sealed or "", purpose=purposes.ACCOUNT_NOTICE, lifetime=_SHOWN_FOR)
        notice = unpack_account_notice(opened.payload)
    except (NotSealed, ValueError):
        return Notice(None, ())
    if notice.browser != browser.digest or here.clock() - notice.sealed_at > _SHOWN_FOR:
        return Notice(None, ())
    found = [(await find_application(here.store, client), session) for client, session in notice.ended]
    told = frontchannel_urls((app, session) for app, session in found if app is not None)
    return Notice(WORDS.get(notice.word), told)
