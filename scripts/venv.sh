#!/bin/sh
# Makes .venv with the first Python of this machine that is new enough, or says what is missing.
set -eu

say() { printf '%s\n' "$*" >&2; }

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

for python in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11 python}; do
    if new_enough "$python"; then found=$python; break; fi
done

if [ -z "${found:-}" ]; then
    say "entrada needs Python 3.11 or newer; ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>/dev/null || echo 'not here')."
    say "Install one, or name it: make PYTHON=/path/to/python3.12 ..."
    exit 1
fi

if ! "$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    say "$found has no venv or ensurepip module, so it cannot make a virtual environment."
    say "On Debian and Ubuntu: apt-get install python3-venv"
    exit 1
fi

"$found" -m venv --clear .venv
