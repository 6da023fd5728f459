"""A signing key as it is remembered: sealed, with the times that decide when it is published and when it signs."""

from attrs import field, frozen

from entrada.core.jose.numeric_date import NumericDate


@frozen(kw_only=True)
class SigningKeyRecord:
    sequence: int  # 1, 2, 3 …: unique, so that two replicas never both add the next key
    kid: str
    sealed: str = field(repr=False)  # private key and certificate, PEM, under the master key
    published_at: NumericDate
    signs_from: NumericDate | None = None  # None: the next key, published before it ever signs
    retired_at: NumericDate | None = None  # from then on it signs no more
    forgotten_at: NumericDate | None = None  # from then on it is no longer published: its last token has expired
