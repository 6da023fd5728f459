"""The C# that policy expressions may hold: read, checked and evaluated by us.  Gateway reference section 12."""
