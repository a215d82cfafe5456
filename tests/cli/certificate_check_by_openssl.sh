# What OpenSSL refuses, as most carriers' peers do, `certificate check` does not call good. Each chain is shown to both.
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
make() { make-certificate -now "$now" "$@"; }
make -out root -kind root -cn 'Test Root'

# openssl_says: OK, or the number of its error
openssl_says() {
  openssl verify -purpose sslserver -trusted "$root.pem" -untrusted issuer.pem leaf.pem >seen 2>&1 && echo OK && return
  sed -n 's/^error \([0-9]*\) at.*/\1/p' seen | head -1
}
# both OPENSSL TRUNKFORM WHAT: the two verdicts on leaf and issuer below $root; the second is good, or the check that blocks
both() {
  local says blocked
  says=$(openssl_says)
  [ "$says" = "$1" ] || die "$3: openssl says $says, not $1: $(cat seen)"
  trunkform certificate check leaf.chain.pem -trust-store "$root.pem" >all 2>err || true
  blocked=$(sed -n '/^checks of the path/,/^$/s/^block  \([a-z_]*\) .*/\1/p' all | head -1)
  [ "${blocked:-good}" = "$2" ] || die "$3: trunkform says ${blocked:-good}, not $2: $(grep ^block all err)"
}
# under EXTENSION [FLAG …]: an issuer with the extension, and a leaf below it
under() {
  make -out issuer -kind intermediate -issuer root -cn 'Test Issuer' -extension "$1"
  make -out leaf -issuer issuer "${@:2}"
}
root=root

under extendedKeyUsage=serverAuth,anyExtendedKeyUsage -name sip.example.com
both OK good 'an issuer for servers and anything'
under extendedKeyUsage=anyExtendedKeyUsage -name sip.example.com
both 26 issuer_usages 'an issuer for anything'
make -out any -kind root -cn 'Root for Anything' -extension extendedKeyUsage=anyExtendedKeyUsage
make -out issuer -kind intermediate -issuer any -cn 'Test Issuer'
make -out leaf -issuer issuer -name sip.example.com
root=any both 26 issuer_usages 'a root for anything'

sip_uri='-name sip.example.com -name uri:sip:sip.example.com'
# shellcheck disable=SC2086 # words
under 'nameConstraints=critical,permitted;URI:sip.example.com' $sip_uri
both 53 names_permitted 'a constraint on URIs and a SIP URI'
# shellcheck disable=SC2086 # words
under 'nameConstraints=critical,excluded;URI:example.org' $sip_uri
both 53 names_excluded 'an exclusion of URIs and a SIP URI'
under 'nameConstraints=critical,permitted;URI:sip.example.com' -name sip.example.com
both OK good 'a constraint on URIs and no URI'
under 'nameConstraints=critical,permitted;URI:sip.example.com' -name sip.example.com -name uri:https://sip.example.com/
both OK good 'a constraint on URIs and a URI with an authority'
under 'nameConstraints=critical,permitted;URI:sip.example.com' -name sip.example.com -name uri:https://a@sip.example.com/
both 47 names_permitted 'a constraint on URIs and a URI with a user'

# With no DNS name among the alternative ones, OpenSSL holds the common name against constraints.
under 'nameConstraints=critical,permitted;DNS:example.com' -cn sip.example.org -name uri:sip:sip.example.com
both 47 names_permitted 'a common name that is not permitted'
under 'nameConstraints=critical,permitted;DNS:example.com' -cn 192.0.2.1 -name uri:sip:sip.example.com
both 47 names_permitted 'a common name that is an address'
under 'nameConstraints=critical,excluded;DNS:example.org' -cn sip.example.org -name uri:sip:sip.example.com
both 48 names_excluded 'a common name that is excluded'
under 'nameConstraints=critical,permitted;DNS:example.com' -cn localhost -name uri:sip:sip.example.com
both OK good 'a common name of one label'
under 'nameConstraints=critical,permitted;DNS:example.com' -cn '*.example.org' -name uri:sip:sip.example.com
both OK good 'a common name with a wildcard'
under 'nameConstraints=critical,permitted;DNS:example.com' -cn sip.example.org -name sip.example.com
both OK good 'a common name beside a DNS name'

# A dot in front of a constraint on DNS names: all below.
under 'nameConstraints=critical,permitted;DNS:.example.com' -name sip.example.com
both OK good 'a subdomain of a permitted domain with a dot'
expect_text all 'warn   dns_constraints_undotted'
under 'nameConstraints=critical,permitted;DNS:.example.com' -name example.com
both 47 names_permitted 'a permitted domain with a dot itself'
under 'nameConstraints=critical,excluded;DNS:.example.com' -name sip.example.com
both 48 names_excluded 'a subdomain of an excluded domain with a dot'
under 'nameConstraints=critical,excluded;DNS:.example.com' -name example.com
both OK good 'an excluded domain with a dot itself'
