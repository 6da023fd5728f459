"""repsys, a small reporting web app: signs people in by OpenID Connect and shows them their mail from Graph."""

from entrada.samples.repsys.app import application
from entrada.samples.repsys.settings import RepsysSettings

__all__ = ["RepsysSettings", "application"]
