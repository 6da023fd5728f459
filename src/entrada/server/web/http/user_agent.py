"""Which program a User-Agent header names, in words for a page."""

from entrada.core.directory.user_agent import program_of, system_of


def in_words(user_agent: str) -> str:
    named, system = program_of(user_agent) or "a program without a name", system_of(user_agent)
    return f"{named} on {system}" if system else named
