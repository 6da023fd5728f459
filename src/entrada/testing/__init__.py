"""Fixtures and a fake clock for the tests of those who use entrada."""
