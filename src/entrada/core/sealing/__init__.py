"""AES-256-GCM envelopes for codes, cookies and tokens (RFC 5116); key and nonce are arguments."""
