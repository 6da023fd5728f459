"""How tokens are got: each grant a flow that ends at the token endpoint.  RFC 6749 §1.3."""
