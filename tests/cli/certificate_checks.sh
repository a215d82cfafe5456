# Each check of the path with its clause and verdict, for people and for programs.
now=2026-06-01T12:00:00Z
make() { make-certificate -now $now "$@"; }
make -out root -kind root -cn 'Test Root'
make -out issuer -kind intermediate -issuer root -cn 'Test Issuer' -extension 'nameConstraints=critical,permitted;DNS:example.com'
make -out good -issuer issuer -name sip.example.com
make -out bad -issuer issuer -name sip.example.org -no-aki -serial 00
checks() { # CHAIN [FLAG …]: the exit code, and the lines of the checks
  local code=0
  trunkform certificate check "$@" -trust-store root.pem -at $now >all 2>err || code=$?
  echo "exit $code"
  sed -n '/^checks of the path/,/^$/p' all
}
json() { trunkform certificate check "$@" -trust-store root.pem -at $now -json | jq '{good, path: {trusted: .path.trusted, failure: .path.failure, checks: .path.checks}}'; }

checks good.chain.pem >out
expect_golden certificate_checks/good.txt
json good.chain.pem >out
expect_golden certificate_checks/good.json
checks bad.chain.pem >out
expect_golden certificate_checks/bad.txt
json bad.chain.pem >out || true
expect_golden certificate_checks/bad.json
# A web client minds more.
checks bad.chain.pem -identity-rules=rfc6125 >lines
head -5 lines >out
expect_golden certificate_checks/bad_as_web.txt
# Nothing is said of a path that is none.
checks good.pem >out
expect_golden certificate_checks/incomplete.txt
# What a certificate says moves no cursor.
make -out foreign -issuer issuer -name sip.example.com -name "$(printf 'a\033[2J.example.com')"
checks foreign.chain.pem >out
refuse_text out "$(printf '\033')"
expect_text out '\x1b[2J'
