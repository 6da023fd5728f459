"""A policy document's text as a tree in which everything remembers where it stood.  Gateway reference section 1."""
