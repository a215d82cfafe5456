# shellcheck shell=bash
# Servers out of package registries that are not Debian's, as bootstrap.sh --integration put them into build/servers.

# python_program PACKAGE PATH: the program of a Python package
python_program() {
  local found
  found=$(find "$TEST_ROOT/build/servers/python/lib" -type f -path "*/site-packages/*/$2" 2>/dev/null | head -n 1)
  [ -n "$found" ] || die "$1 is not here: ./bootstrap.sh --integration installs it"
  printf '%s' "$found"
}
# go_program NAME: a program of tests/integration/go.txt
go_program() {
  [ -x "$TEST_ROOT/build/servers/go/$1" ] || die "$1 is not here: ./bootstrap.sh --integration builds it"
  printf '%s' "$TEST_ROOT/build/servers/go/$1"
}
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
# node_program NAME [ARGUMENT…]: becomes a program of tests/integration/npm.txt
node_program() {
  local servers=$TEST_ROOT/build/servers program=$1
  [ -e "$servers/node/node_modules/.bin/$program" ] || die "$program is not here: ./bootstrap.sh --integration installs it"
  shift
  PATH=$servers/python/bin:$PATH exec node "$servers/node/node_modules/.bin/$program" "$@"
}
