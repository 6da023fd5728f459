"""The names of profiles, for the Tab key: quick, and quiet whatever is wrong with the file."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def profile_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    from click.shell_completion import CompletionItem

    from entrada.cli.profiles.file import Profiles, profiles_path
    from entrada.client.errors import StorageError

    try:
        every = Profiles(profiles_path()).all()
    except StorageError:
        return []
    wanted = incomplete.casefold()
    return [CompletionItem(one.name) for one in every if one.name.casefold().startswith(wanted)]
