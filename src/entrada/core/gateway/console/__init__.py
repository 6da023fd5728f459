"""What the developer console shows and sends: which APIs, which request, what came of it.  Reference section 16."""
