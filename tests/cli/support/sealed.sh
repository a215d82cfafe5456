# shellcheck shell=bash
# Opens what trunkform has encrypted, by docs/formats/encryption.md and openssl alone. Read by a test with:
# . "$TEST_ROOT/tests/cli/support/sealed.sh"

_hex() { od -An -v -tx1 | tr -d ' \n'; }
# open_box KEY-FILE <BOX: what is in a box (base64); its tag is not looked at: AES-GCM is AES-CTR from 2 on
open_box() {
  local made
  base64 -d >box.bytes
  made=$(openssl kdf -keylen 44 -kdfopt digest:SHA256 -kdfopt hexkey:"$(_hex <"$1")" -kdfopt hexsalt:"$(head -c 32 box.bytes | _hex)" \
    -kdfopt info:'trunkform sealed box 1' HKDF | tr -d ':\n')
  tail -c +33 box.bytes | head -c -16 |
    openssl enc -d -aes-256-ctr -nopad -K "${made:0:64}" -iv "${made:64:24}00000002"
}
# open_keys PASSPHRASE STATE: ./data_key and ./stretched of a state with one data key
open_keys() {
  local salt box log_n
  IFS=: read -r _ log_n salt box < <(grep -oE '"scrypt:[^"]*"' "$2" | tr -d '"' | head -1)
  openssl kdf -binary -out stretched -keylen 32 -kdfopt pass:"$1" -kdfopt hexsalt:"$(base64 -d <<<"$salt" | _hex)" \
    -kdfopt n:$((1 << log_n)) -kdfopt r:8 -kdfopt p:1 -kdfopt maxmem_bytes:100000000 SCRYPT
  open_box stretched <<<"$box" >data_key
}
