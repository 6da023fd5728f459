"""`entrada completion`: what a shell needs to complete commands, options and profiles."""

from typing import Final

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

_SHELLS: Final[dict[str, type[ShellComplete]]] = {"bash": BashComplete, "fish": FishComplete, "zsh": ZshComplete}


@click.command()
@click.argument("shell", type=click.Choice(list(_SHELLS)))
@click.pass_context
def completion(ctx: click.Context, *, shell: str) -> None:
    """Print what SHELL needs to complete `entrada`: commands, options and the names of profiles.

    \b
    bash (4.4 or later), for you:
      mkdir -p ~/.local/share/bash-completion/completions
      entrada completion bash > ~/.local/share/bash-completion/completions/entrada
    zsh, in a folder of $fpath, such as one that ~/.zshrc adds before compinit:
      mkdir -p ~/.zfunc && entrada completion zsh > ~/.zfunc/_entrada
      fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit
    fish:
      mkdir -p ~/.config/fish/completions
      entrada completion fish > ~/.config/fish/completions/entrada.fish
    to try it in this shell alone:
      eval "$(entrada completion bash)"
    """
    # Without `source()`, which asks the bash that is installed for its version: the script may be for another machine.
    made = _SHELLS[shell](ctx.find_root().command, {}, "entrada", "_ENTRADA_COMPLETE")
    click.echo(made.source_template % made.source_vars())
