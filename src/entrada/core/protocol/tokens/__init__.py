"""Which claims stand in an ID token and an access token, v1.0 and v2.0.  Reference sections 16, 30 and 31."""
