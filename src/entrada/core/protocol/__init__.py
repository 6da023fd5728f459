"""What the OAuth 2.0 and OpenID Connect specifications decide (RFC 6749, OpenID Connect Core 1.0)."""
