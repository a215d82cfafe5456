#!/usr/bin/env bash
# A certificate authority and certificates of several kinds, with openssl alone:
#   make-certificates.sh FOLDER
# root.pem; old/NAME.{pem,key}: what the trunks have at the beginning; carrier-a, carrier-b, live/carrier-c: what was
# renewed; wrong/: what must never reach a trunk.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=authority.sh
. "$(dirname "${BASH_SOURCE[0]}")/authority.sh"
mkdir -p "$1"/{archive/carrier-c,live/carrier-c}
cd "$1"

make_authority
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
