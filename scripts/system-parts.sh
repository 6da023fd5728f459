#!/bin/sh
# The parts of the tests that are no Python package: Chromium, a PostgreSQL server, a Redis server, certutil, a keyring.
# Installs what is missing where it may (root, apt-get); elsewhere says exactly what to install, and fails.
set -eu

say() { printf '%s\n' "$*" >&2; }

have_postgres() {
    command -v initdb >/dev/null 2>&1 && return
    for initdb in /usr/lib/postgresql/*/bin/initdb; do
        if [ -x "$initdb" ]; then return; fi
    done
    return 1
}

find_missing() {
    missing=
    command -v chromium >/dev/null 2>&1 || missing="$missing chromium fonts-liberation"
    have_postgres || missing="$missing postgresql"
    command -v redis-server >/dev/null 2>&1 || missing="$missing redis-server"
    command -v certutil >/dev/null 2>&1 || missing="$missing libnss3-tools"
    command -v gnome-keyring-daemon >/dev/null 2>&1 || missing="$missing gnome-keyring"
    command -v dbus-run-session >/dev/null 2>&1 || missing="$missing dbus-daemon"
}

find_missing
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    say "The tests need parts this machine lacks. As root, on Debian:"
    say "    apt-get install --no-install-recommends$missing"
    exit 1
fi

# The tests start their own PostgreSQL in a temporary folder; Debian need not set one up beside it.
if ! have_postgres && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
fi

say "installing from Debian:$missing"
export DEBIAN_FRONTEND=noninteractive
quiet="-qq -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold -o DPkg::Lock::Timeout=300"
log=$(mktemp)
# shellcheck disable=SC2086 # both are lists of words
if ! { apt-get $quiet update && apt-get $quiet install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "apt-get could not install:$missing"
    exit 1
fi
rm -f "$log"

find_missing
if [ -n "$missing" ]; then
    say "still missing after apt-get succeeded:$missing"
    exit 1
fi
