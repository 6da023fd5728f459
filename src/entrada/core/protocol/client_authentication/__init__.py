"""Who is the client, and did it prove it?  RFC 6749 §2.3, §3.2.1; reference sections 15.2 and 15.3."""
