"""The root of the `entrada` command.  Commands load when they are asked for, so that `--help` and tokens are quick."""

from typing import TYPE_CHECKING, Final

import click

from entrada import __version__
from entrada.cli.collector import loaded
from entrada.cli.endings import PlainEndings, respect_wish_for_no_colour

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

# fmt: off
_GROUPS: Final = {  # the module, the command in it, and its words for `entrada --help`, so that it need not be loaded
    "Tokens": {
        "get-token": ("entrada.cli.get_token", "get_token", "Print an access token of a profile or running platform."),
        "refresh": ("entrada.cli.refresh", "refresh", "Get a new token without asking anybody."),
        "exec":    ("entrada.cli.exec", "exec_", "Run a program with the environment that its SDK expects."),
        "curl":    ("entrada.cli.curl", "curl", "Call an API with a token."),
        "whoami":  ("entrada.cli.whoami", "whoami", "Show who is signed in, until when, and where their tokens rest."),
        "logout":  ("entrada.cli.logout", "logout", "Forget the tokens of an account."),
        "config":  ("entrada.cli.config", "config", "Keep profiles: as whom, and of whom, tokens are asked for."),
        "inspect": ("entrada.cli.inspect", "inspect", "Show what a token says, what that means, what is wrong."),
        "discover": ("entrada.cli.discover", "discover", "Look at what an authority publishes, and check it."),
        "completion": ("entrada.cli.completion", "completion", "Let the Tab key complete commands and profiles."),
    },
    "Directory": {
        "tenant":  ("entrada.cli.tenant", "tenant", "Make tenants and list them."),
        "app":     ("entrada.cli.app", "app", "Register applications, and change what they may do."),
        "user":    ("entrada.cli.user", "user", "Make accounts, and help people who cannot sign in."),
        "group":   ("entrada.cli.group", "group", "Make groups, and say who is in them."),
        "consent": ("entrada.cli.consent", "consent", "See, give and take back what applications may do."),
        "log":     ("entrada.cli.log", "log", "See who signed in, who changed what, and why somebody was refused."),
        "apply":   ("entrada.cli.directory_files", "apply", "Bring the directory to what a file says."),
        "export":  ("entrada.cli.directory_files", "export", "Write the directory as a file that apply takes back."),
    },
    "Running": {
        "up":      ("entrada.cli.up", "up", "Start a platform for development, with people and apps in it."),
        "serve":   ("entrada.cli.serve", "serve", "Serve real people: the same platform, safe settings only."),
        "migrate": ("entrada.cli.migrate", "migrate", "Bring the database's tables up to date."),
        "gateway": ("entrada.cli.gateway", "gateway", "Serve the API gateway, say what it serves, check its policies."),
        "keys":    ("entrada.cli.keys", "keys", "List and rotate the signing keys; make a master key."),
        "trust":   ("entrada.cli.trust", "trust", "Show how each kind of client trusts what `entrada up` certifies."),
        "doctor":  ("entrada.cli.doctor", "doctor", "Look for what is wrong, and say how to mend it."),
    },
}
# fmt: on
_COMMANDS: Final = {name: command for group in _GROUPS.values() for name, command in group.items()}


class Lazy(PlainEndings):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, name, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(loaded(module), name)
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> "list[CompletionItem]":
        """Without loading any of them."""
        from click.shell_completion import CompletionItem

        found = [CompletionItem(name, help=words) for name, (_, _, words) in _COMMANDS.items()]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [one for one in found if str(one.value).startswith(incomplete)] + options

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        longest = max(map(len, _COMMANDS))
        for title, group in _GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name.ljust(longest), words) for name, (_, _, words) in group.items()])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="entrada")
@click.option("--debug", is_flag=True, help="Show what led to an unexpected error.")
@click.pass_context
def main(ctx: click.Context, *, debug: bool) -> None:
    """Sign-in, tokens and consent as the Microsoft identity platform speaks them.

    To try it: `entrada up` starts a whole platform for development on this machine, and prints where it is, who may
    sign in and how to get a token. Beside it, `entrada get-token` finds it, signs you in and prints one.

    To run it for real people:

    \b
      (umask 077; entrada keys master > master.key)
      export ENTRADA_MASTER_KEY_FILE=master.key ENTRADA_ORIGIN=https://login.example.com
      entrada migrate
      entrada tenant create --name Example --domain example.com --admin you@example.com
      entrada serve

    Each command says more: `entrada serve --help`.
    """
    respect_wish_for_no_colour(ctx)
    del debug  # read from the context, by whoever catches the error
