"""Fixtures for our users' tests, and for ours: the platform in process, and a clock that stands still."""

from entrada.testing.in_process import ORIGIN, START, FakeClock, FakeIssuers, Platform, platform

__all__ = ["ORIGIN", "START", "FakeClock", "FakeIssuers", "Platform", "platform"]
