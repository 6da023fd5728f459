"""What administrators do, whichever door they come through: Graph, the portal, the command line.

Each verb is `verb(here, actor, …)` and answers with the object, as it is now, or with a `Problem`.
"""
