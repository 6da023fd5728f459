"""What administrators do to a directory: who may, what it changes, how it is told.  The same for every door."""
