"""`runserver`, on a port of its own."""
