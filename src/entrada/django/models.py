"""What `entrada.django` remembers in the project's database: who is which user."""

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
    user_id: "models.CharField[str, str]" = models.CharField(max_length=255)

    class Meta:
        verbose_name_plural = "identities"
        app_label: ClassVar = "entrada"

    def __str__(self) -> str:
        return f"{self.user_id} of {self.issuer}"
