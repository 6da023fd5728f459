"""Objects as Graph v1.0 writes them, and what may be written into them.  Reference sections 37 and 38."""
