"""Try it: a request filled in, a token for it, the gateway's answer, and why it was that.  Reference 16.2, 16.3."""
