"""What a program finds of signals, and what reaches it of them."""

import signal
import subprocess
import sys

from entrada.cli.tokens.child import passing_signals_on

IGNORED = 1 << (signal.SIGPIPE - 1) | 1 << (signal.SIGXFSZ - 1)
BECOME = "import os; from entrada.cli.tokens.child import become; become(['grep', 'SigIgn', '/proc/self/status'], os.environ)"


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
