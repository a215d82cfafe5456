# shellcheck shell=bash
# What the checks share: which tree to look at, and its files. Each check is called as `CHECK [ROOT]`.

root=$(cd "${1-$(dirname "${BASH_SOURCE[0]}")/../..}" && pwd)
cd "$root" || exit 2
check=$(basename "$0")

# files EXTENDED_REGEX: paths from the root, of what is committed or could be; without git, of everything but build/.
files() {
  if [ -e .git ]; then
    git ls-files --cached --others --exclude-standard | while IFS= read -r file; do [ ! -f "$file" ] || echo "$file"; done
  else
    find . -path ./build -prune -o -type f -printf '%P\n'
  fi | LC_ALL=C sort -u | grep -E "$1" || true
}

# finish PROBLEMS_TEXT LOOKED_AT HINT: a check that looked at nothing has not passed.
finish() {
  if [ -n "$1" ]; then
    printf '%s\n' "$1"
    echo "$check: $(printf '%s\n' "$1" | wc -l) problems. $3"
    exit 1
  fi
  [ "$2" -gt 0 ] || { echo "$check: found no files to look at in $root"; exit 1; }
  echo "$check: $2 files, no problems"
}
