"""App registrations: registered, changed, deleted and restored."""
