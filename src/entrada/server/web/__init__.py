"""HTTP in, HTTP out: one room per site, and `http` for what they all need."""
