"""The one way to fetch something from outside: guarded, small, short, and remembered."""
