#!/bin/sh
# Installs a lock into .venv: exactly these versions, each file checked against its hash.
set -eu
lock=$1

# An unreachable registry should be a message, not a long silence.
export PIP_DEFAULT_TIMEOUT="${PIP_DEFAULT_TIMEOUT:-30}" PIP_RETRIES="${PIP_RETRIES:-2}"
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

if ! .venv/bin/python -m pip install -q --progress-bar off --require-hashes -r "$lock"; then
    printf '%s\n' "Could not install $lock. If pip speaks of connections or names above, the package registry is out of reach:" \
        "check the network, or point pip at a mirror with PIP_INDEX_URL." >&2
    exit 1
fi
