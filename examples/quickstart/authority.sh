# shellcheck shell=bash
# A certificate authority with openssl alone, as functions. Read by make-certificates.sh and by the command-line tests.
# Everything happens in the working folder, beneath ca/.

_day() { date -u -d "$1 days" +%Y%m%d%H%M%SZ; }

# make_authority: ca/root.pem, ca/intermediate.pem, their keys, and root.pem, what a carrier trusts
make_authority() {
  umask 077
  mkdir -p ca
  cat >ca/openssl.cnf <<'CNF'
[ca]
default_ca = quickstart
[quickstart]
new_certs_dir = ca
database = ca/index.txt
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
rand_serial = yes
[any]
commonName = supplied
[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF
  : >ca/index.txt
  issue ca/root "Quickstart Root" authority -400 3000 self
  issue ca/intermediate "Quickstart Issuing CA" authority -300 1500 ca/root
  cp ca/root.pem root.pem
}

# issue NAME SUBJECT EXTENSIONS FROM-DAYS TO-DAYS SIGNER [SAN]: NAME.pem and NAME.key
issue() {
  local name=$1 subject=$2 extensions=$3 from=$4 to=$5 signer=$6 san=${7-}
  mkdir -p "$(dirname "$name")"
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" -out "$name.csr" \
    -subj "/CN=$subject" ${san:+-addext "subjectAltName=$san"} 2>/dev/null
  local by=(-cert "$signer.pem" -keyfile "$signer.key")
  [ "$signer" != self ] || by=(-selfsign -keyfile "$name.key")
  openssl ca -batch -notext -config ca/openssl.cnf -extensions "$extensions" -startdate "$(_day "$from")" \
    -enddate "$(_day "$to")" "${by[@]}" -in "$name.csr" -out "$name.pem" 2>ca/log || { cat ca/log >&2; return 1; }
  rm "$name.csr"
}

# leaf NAME FROM-DAYS TO-DAYS [DNS-NAME]: NAME.pem, NAME.key, and NAME.chain, what is sent
leaf() {
  local dns=${4-sip.example.com}
  issue "$1" "$dns" leaf "$2" "$3" ca/intermediate "DNS:$dns"
  cat "$1.pem" ca/intermediate.pem >"$1.chain"
}
