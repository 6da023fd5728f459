"""The application that `INSTALLED_APPS` names: `"entrada.django"`."""

from django.apps import AppConfig
from django.core.checks import Tags, register


class EntradaConfig(AppConfig):
    name = "entrada.django"
    label = "entrada"
    verbose_name = "Sign-in"  # type: ignore[mutable-override]
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from entrada.django.checks import check_sign_in  # noqa: PLC0415 - it needs the models, which are there now

        register(check_sign_in, Tags.security)
        from django.contrib.auth.signals import user_logged_in, user_logged_out  # noqa: PLC0415 - likewise

        from entrada.django.arrivals import become_another, end_with_djangos  # noqa: PLC0415

        user_logged_in.connect(become_another, dispatch_uid="entrada.django.become_another")
        user_logged_out.connect(end_with_djangos, dispatch_uid="entrada.django.end_with_djangos")
