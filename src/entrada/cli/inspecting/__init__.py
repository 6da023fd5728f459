"""A token looked at: where it comes from, whether an issuer stands by it, how it is printed."""
