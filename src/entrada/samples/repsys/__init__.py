"""repsys, a small reporting web app: signs people in with our own library, shows them their mail and the colors."""

from entrada.samples.repsys.app import application
from entrada.samples.repsys.settings import RepsysSettings

__all__ = ["RepsysSettings", "application"]
