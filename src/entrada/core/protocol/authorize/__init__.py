"""Read an authorization request, check by check.  RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1."""
