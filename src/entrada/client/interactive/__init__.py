"""Sign in with the person's own browser: it is opened here, and its answer arrives on the loopback.  RFC 8252."""
