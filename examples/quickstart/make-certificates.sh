#!/usr/bin/env bash
# A certificate authority and certificates of several kinds, with openssl alone:
#   make-certificates.sh FOLDER
# root.pem; old/NAME.{pem,key}: what the trunks have at the beginning; carrier-a, carrier-b, live/carrier-c: what was
# renewed; wrong/: what must never reach a trunk.
set -euo pipefail
folder=$1
mkdir -p "$folder"/{ca,old,carrier-a,carrier-b,wrong,archive/carrier-c,live/carrier-c}
cd "$folder"
umask 077

day() { date -u -d "$1 days" +%Y%m%d%H%M%SZ; }

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

# issue NAME SUBJECT EXTENSIONS FROM-DAYS TO-DAYS SIGNER [SAN]
issue() {
  local name=$1 subject=$2 extensions=$3 from=$4 to=$5 signer=$6 san=${7-}
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$name.key" -out "$name.csr" \
    -subj "/CN=$subject" ${san:+-addext "subjectAltName=$san"} 2>/dev/null
  local by=(-cert "$signer.pem" -keyfile "$signer.key")
  [ "$signer" != self ] || by=(-selfsign -keyfile "$name.key")
  openssl ca -batch -notext -config ca/openssl.cnf -extensions "$extensions" -startdate "$(day "$from")" \
    -enddate "$(day "$to")" "${by[@]}" -in "$name.csr" -out "$name.pem" 2>/dev/null
  rm "$name.csr"
}

# leaf NAME FROM-DAYS TO-DAYS [DNS-NAME]: NAME.pem holds the leaf, NAME.chain what is sent
leaf() {
  local dns=${4-sip.example.com}
  issue "$1" "$dns" leaf "$2" "$3" ca/intermediate "DNS:$dns"
  cat "$1.pem" ca/intermediate.pem >"$1.chain"
}

issue ca/root "Quickstart Root" authority -400 3000 self
issue ca/intermediate "Quickstart Issuing CA" authority -300 1500 ca/root
cp ca/root.pem root.pem

leaf old/carrier-a -78 12 # 90 days, due
leaf old/carrier-b -88 2  # 90 days, about to end
leaf old/carrier-c -10 80 # fresh
leaf carrier-a/new -1 89
leaf carrier-b/new -1 89
leaf wrong/other-name -1 89 voice.example.net
leaf wrong/ended -90 -1

for carrier in a b; do
  mv "carrier-$carrier/new.chain" "carrier-$carrier/chain.pem"
  mv "carrier-$carrier/new.key" "carrier-$carrier/key.pem"
  rm "carrier-$carrier/new.pem"
done

# Carrier C has a Certbot tree, with what is on the trunks already.
archive=archive/carrier-c
cp old/carrier-c.pem "$archive/cert1.pem"
cp ca/intermediate.pem "$archive/chain1.pem"
cp old/carrier-c.chain "$archive/fullchain1.pem"
cp old/carrier-c.key "$archive/privkey1.pem"
for kind in cert chain fullchain privkey; do ln -sf "../../$archive/${kind}1.pem" "live/carrier-c/$kind.pem"; done
