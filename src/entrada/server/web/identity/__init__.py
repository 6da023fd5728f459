"""The identity endpoints: authorize, token, discovery, keys, sign-in, consent and sign-out."""
