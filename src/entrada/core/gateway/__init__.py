"""API policies: what a policy document says, and what it decides about a request.  Design section 7."""
