"""What each type of an expression can be asked.  Gateway reference section 12.1."""
