"""What `entrada.django` remembers in the project's database: who is which user, and who is signed in."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models


class Identity(models.Model):
    """One person of one authority, and the user they are here."""

    key: "models.CharField[str, str]" = models.CharField(
        max_length=64, primary_key=True
    )  # a digest of the three below, to find them by
    user: "models.ForeignKey[AbstractBaseUser, AbstractBaseUser]" = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="entrada_identities"
    )
    issuer: "models.CharField[str, str]" = models.CharField(max_length=1024)
    tenant_id: "models.CharField[str, str]" = models.CharField(max_length=64, blank=True)
    object_id: "models.CharField[str, str]" = models.CharField(max_length=255)

    class Meta:
        verbose_name_plural = "identities"
        app_label: ClassVar = "entrada"

    def __str__(self) -> str:
        return f"{self.object_id} of {self.issuer}"


class StoredSession(models.Model):
    """Somebody who signed in, and their tokens; sealed."""

    key: "models.CharField[str, str]" = models.CharField(max_length=64, primary_key=True)
    sealed: "models.BinaryField[bytes, bytes]" = models.BinaryField()
    version: "models.PositiveIntegerField[int, int]" = models.PositiveIntegerField()
    expires_at: "models.BigIntegerField[int, int]" = models.BigIntegerField(db_index=True)

    class Meta:
        app_label: ClassVar = "entrada"

    def __str__(self) -> str:
        return self.key


class SessionName(models.Model):
    """What a logout may call a session by; digests."""

    name: "models.CharField[str, str]" = models.CharField(max_length=64)
    session: "models.ForeignKey[StoredSession, StoredSession]" = models.ForeignKey(
        StoredSession, on_delete=models.CASCADE, related_name="names"
    )

    class Meta:
        app_label: ClassVar = "entrada"
        indexes: ClassVar = [models.Index(fields=["name"], name="entrada_session_name")]

    def __str__(self) -> str:
        return self.name


class SessionMark(models.Model):
    """What was seen, and must not be taken again."""

    mark: "models.CharField[str, str]" = models.CharField(max_length=64, primary_key=True)
    expires_at: "models.BigIntegerField[int, int]" = models.BigIntegerField(db_index=True)

    class Meta:
        app_label: ClassVar = "entrada"

    def __str__(self) -> str:
        return self.mark
