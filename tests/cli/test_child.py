"""What a program finds of signals, and what reaches it of them."""

import signal
import subprocess
import sys

from entrada.cli.profiles.profile import Profile, Where
from entrada.cli.tokens.child import environment, passing_signals_on
from entrada.cli.tokens.chosen import Chosen
from entrada.cli.tokens.question import Wishes, question
from entrada.client.grants.managed_identity import identity_endpoint
from entrada.client.settings import Settings

IGNORED = 1 << (signal.SIGPIPE - 1) | 1 << (signal.SIGXFSZ - 1)
BECOME = "import os; from entrada.cli.tokens.child import become; become(['grep', 'SigIgn', '/proc/self/status'], os.environ)"


def test_the_library_in_the_program_reads_whom_it_was_begun_for():
    others = {"ENTRADA_TENANT": "t", "ENTRADA_CERTIFICATE": "/c", "AZURE_CLIENT_ID": "b", "AZURE_CLIENT_SECRET": "s"}
    for where in (Where(issuer="https://i.example/"), Where(authority="https://a.example/t")):
        profile = Profile(id="p", name="p", where=where, client_id="a", scopes=("x",))
        found = environment(question(Chosen(profile=profile, title="p"), Wishes()), others)
        assert Settings.from_environment(found) == Settings(authority=where.read(), client_id="a")


def test_the_endpoint_of_a_machine_does_not_show_its_secret():
    found = identity_endpoint({"IDENTITY_ENDPOINT": "http://127.0.0.1:1/msi", "IDENTITY_HEADER": "geheim"})
    assert found.headers["x-identity-header"] == "geheim"
    assert "geheim" not in repr(found)


def test_a_program_in_our_place_ends_where_nobody_reads_on():
    """Python ignores both, and what is ignored stays so in what takes its place."""
    said = subprocess.run([sys.executable, "-c", BECOME], capture_output=True, text=True, check=True, timeout=60).stdout
    assert int(said.split()[1], 16) & IGNORED == 0


def test_a_signal_before_the_program_begins_is_not_lost():
    with passing_signals_on() as to:
        signal.raise_signal(signal.SIGTERM)
        program = subprocess.Popen(["sleep", "60"])
        try:
            to(program)
            assert program.wait(10) == -signal.SIGTERM
        finally:
            program.kill()
            program.wait()
