"""The gateway's configuration as a file: written, read, compared, applied."""
