"""How a profile, or a running `entrada up`, becomes a token on standard output."""
