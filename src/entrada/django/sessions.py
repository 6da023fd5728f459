"""Sessions in the project's own database, by Django's ORM: of people who signed in, with their tokens, sealed.

The store of `client.web_sign_in.sessions.port`.  What has expired is deleted in small batches as sessions begin.
"""

from collections.abc import Callable, Collection
from typing import TypeVar

from attrs import field, frozen
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet

from entrada.client.errors import StorageError
from entrada.client.web_sign_in.sessions.port import AT_ONCE, Row, Taken
from entrada.core.jose.numeric_date import NumericDate
from entrada.django.models import SessionMark, SessionName, StoredSession

T = TypeVar("T")


@frozen(kw_only=True)
class DjangoSessions:
    using: str = "default"  # an alias of DATABASES
    blocks: bool = field(default=True, init=False)
    lasts: bool = field(default=True, init=False)

    def add(self, row: Row, now: NumericDate) -> None:
        def work() -> None:
            self._sweep(now)
            kept = self._rows.create(key=row.key, sealed=row.sealed, version=row.version, expires_at=row.expires_at)
            SessionName.objects.using(self.using).bulk_create(
                [SessionName(name=name, session=kept) for name in sorted(row.names)]
            )

        self._do(work)

    def find(self, key: str, now: NumericDate) -> Row | None:
        found = self._do(lambda: self._rows.filter(key=key, expires_at__gt=now).first())
        if found is None:
            return None
        at = NumericDate(found.expires_at)
        return Row(key=key, sealed=bytes(found.sealed), version=found.version, expires_at=at)

    def replace(self, row: Row, now: NumericDate) -> bool:
        before = self._rows.filter(key=row.key, version=row.version - 1, expires_at__gt=now)
        changed = self._do(lambda: before.update(sealed=row.sealed, version=row.version, expires_at=row.expires_at))
        return changed == 1

    def remove(self, key: str) -> None:
        self._do(lambda: self._rows.filter(key=key).delete())

    def named(self, name: str, now: NumericDate) -> tuple[str, ...]:
        found = self._rows.filter(names__name=name, expires_at__gt=now).order_by("key")
        return self._do(lambda: tuple(found.values_list("key", flat=True)))

    def mark(self, mark: str, until: NumericDate, now: NumericDate) -> bool:
        def work() -> None:
            self._marks.filter(mark=mark, expires_at__lte=now).delete()
            self._marks.create(mark=mark, expires_at=until)

        try:
            self._do(work)
        except Taken:
            return False
        return True

    def marked(self, marks: Collection[str], now: NumericDate) -> bool:
        return self._do(lambda: self._marks.filter(mark__in=list(marks), expires_at__gt=now).exists())

    @property
    def _rows(self) -> "QuerySet[StoredSession]":
        return StoredSession.objects.using(self.using)

    @property
    def _marks(self) -> "QuerySet[SessionMark]":
        return SessionMark.objects.using(self.using)

    def _sweep(self, now: NumericDate) -> None:
        over = self._rows.filter(expires_at__lte=now).values_list("key", flat=True)[:AT_ONCE]
        self._rows.filter(key__in=list(over)).delete()
        spent = self._marks.filter(expires_at__lte=now).values_list("mark", flat=True)[:AT_ONCE]
        self._marks.filter(mark__in=list(spent)).delete()

    def _do(self, work: Callable[[], T]) -> T:
        try:
            with transaction.atomic(using=self.using):
                return work()
        except IntegrityError as error:
            raise Taken("The session store holds it already") from error
        except DatabaseError as error:  # its words could quote what was to be written
            raise StorageError(f"The session database fails ({type(error).__name__})") from error
