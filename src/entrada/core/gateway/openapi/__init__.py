"""From an OpenAPI document to an API and its operations.  Gateway reference section 15; OpenAPI 3.0 and 3.1."""
