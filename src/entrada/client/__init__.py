"""The toolkit: what programs do with an authority shaped like Entra.  Never sees the server."""
