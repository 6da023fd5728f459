"""JSON schemas of requests and responses, as OpenAPI 3.0 and 3.1 write them: where they lead, and an example of one."""
