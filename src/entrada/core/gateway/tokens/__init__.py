"""Tokens as `validate-jwt` checks them: any issuer's, by the keys that a policy names.  Gateway reference 2 and 3."""
