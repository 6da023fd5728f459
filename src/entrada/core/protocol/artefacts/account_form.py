"""What the forms and notices of the account pages carry: which session they are for, in which browser.

A form that another site posts, or that was opened in another browser, has none that opens here (CSRF).
"""

from attrs import field, frozen

from entrada.core.directory.ids import ClientId, SessionId
from entrada.core.jose.numeric_date import NumericDate
from entrada.core.protocol.artefacts.guid import to_bytes, to_text
from entrada.core.sealing.payload import Payload, pack, unpack


@frozen(kw_only=True)
class AccountForm:
    session_id: SessionId
    browser: bytes = field(repr=False)  # SHA-256 of the browser cookie
    sealed_at: NumericDate


@frozen(kw_only=True)
class AccountNotice:
    """What a form has done, for the page that follows: in a word, and which applications' sessions have ended by it."""

    browser: bytes = field(repr=False)
    sealed_at: NumericDate
    word: str
    ended: tuple[tuple[ClientId, SessionId], ...] = ()


class PackedAccountForm(Payload, frozen=True):
    session: bytes
    browser: bytes
    sealed_at: int


class PackedAccountNotice(Payload, frozen=True):
    browser: bytes
    sealed_at: int
    word: str
    ended: tuple[tuple[bytes, bytes], ...] = ()


def pack_account_form(form: AccountForm) -> bytes:
    return pack(PackedAccountForm(to_bytes(form.session_id), form.browser, form.sealed_at))


def unpack_account_form(data: bytes) -> AccountForm:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedAccountForm)
    return AccountForm(
        session_id=SessionId(to_text(packed.session)),
        browser=packed.browser,
        sealed_at=NumericDate(packed.sealed_at),
    )


def pack_account_notice(notice: AccountNotice) -> bytes:
    ended = tuple((to_bytes(client), to_bytes(session)) for client, session in notice.ended)
    return pack(PackedAccountNotice(notice.browser, notice.sealed_at, notice.word, ended))


def unpack_account_notice(data: bytes) -> AccountNotice:
    """Raises NotSealed for another shape."""
    packed = unpack(data, PackedAccountNotice)
    return AccountNotice(
        browser=packed.browser,
        sealed_at=NumericDate(packed.sealed_at),
        word=packed.word,
        ended=tuple((ClientId(to_text(client)), SessionId(to_text(session))) for client, session in packed.ended),
    )
