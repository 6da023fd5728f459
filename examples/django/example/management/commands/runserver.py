"""Django's development server, on the port that the settings say."""

from django.conf import settings
from django.contrib.staticfiles.management.commands import runserver


class Command(runserver.Command):
    default_port = str(settings.PORT)

    def on_bind(self, server_port: int) -> None:
        print(f"open http://localhost:{server_port}", flush=True)
