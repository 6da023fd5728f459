"""How the gateway speaks to the backends of APIs: HTTP/1.1 over connections that are kept."""
