"""A request with an access token of ours: who calls, by which permissions, and refusals as Graph words them."""
