"""The API gateway as an ASGI application: what `decide` says, done."""
