"""Keys, signatures and JSON Web Tokens (RFC 7515-7519, RFC 7638): computes, never fetches."""
