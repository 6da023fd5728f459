"""The application that `INSTALLED_APPS` names: `"entrada.django"`."""

from django.apps import AppConfig


class EntradaConfig(AppConfig):
    name = "entrada.django"
    label = "entrada"
    verbose_name = "Sign-in"  # type: ignore[mutable-override]
    default_auto_field = "django.db.models.BigAutoField"
