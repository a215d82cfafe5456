# shellcheck shell=bash
# Receivers of alerts, and what they got. Read by a test with: . "$TEST_ROOT/tests/cli/support/alerts.sh"
# shellcheck source-path=SCRIPTDIR source=outside.sh
. "$TEST_ROOT/tests/cli/support/outside.sh"

# start_webhook NAME [KEY]: a receiver of its own folder ./NAME; $NAME_url
start_webhook() {
  mkdir -p "$1"
  "$TEST_ROOT/tests/cli/support/webhook_receiver" "$@" >"$1/log" 2>&1 &
  wait_for 30 test -s "$1/port"
  printf -v "$1_url" 'http://127.0.0.1:%s/hook' "$(cat "$1/port")"
}

# start_mail NAME USER PASSWORD: a mail server with STARTTLS and AUTH; its certificate leads to ca/root.pem; $NAME_port
start_mail() {
  mkdir -p "$1"
  leaf mail-server -1 30 localhost
  "$TEST_ROOT/tests/cli/support/mail_receiver" "$1" mail-server.chain mail-server.key "$2" "$3" >"$1/log" 2>&1 &
  wait_for 30 test -s "$1/port"
  printf -v "$1_port" '%s' "$(cat "$1/port")"
}

# got NAME [FILTER]: of each request, in order, what jq's FILTER makes of it (default: kind and resolved of a JSON alert)
got() {
  local file
  for file in $(find "$1" -name '*.json' | sort -V); do
    jq -r "${2-.body | fromjson | .kind + (if .resolved then \"!\" else \"\" end)}" "$file"
  done
}
# got_exactly NAME WORDS [FILTER]
got_exactly() {
  local words
  words=$(got "$1" ${3+"$3"} | paste -sd ' ')
  [ "$words" = "$2" ] || { tail -n 30 err >&2; die "$1 got \"$words\" instead of \"$2\""; }
}
forget() { rm -f "$1"/*.json "$1"/*.eml; }
