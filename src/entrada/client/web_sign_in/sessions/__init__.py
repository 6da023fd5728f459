"""Where sessions rest: in memory, in a database, in Redis; nobody but their application can read them there."""
