"""The directory as a file: from a tree with positions to typed values, and back.  docs: the directory file.

Members carry Graph's names.  Where Graph speaks in ids that nobody remembers, the file speaks in names: a member by its
user principal name, a scope by its value.
"""
