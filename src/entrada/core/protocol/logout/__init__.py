"""Ending browser sessions, and where to go afterwards."""
