"""The platform: what is remembered, what is done, and how it is asked over HTTP."""
