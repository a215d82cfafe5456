# A private key becomes no value, in whatever plain writing it lies there: an output, a plan and a state would show it.
# What is public passes.
openssl() { command openssl "$@" 2>complaints || die "openssl $*: $(cat complaints)"; }
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa
openssl genpkey -algorithm ED25519 -out ed
openssl req -x509 -new -key ec -subj /CN=x -days 2 -out certificate
openssl req -new -key ec -subj /CN=x -out request
openssl x509 -req -in request -signkey ec -set_serial 1 -days 2 -out version1 # no extensions
mkdir secret public

for key in ec rsa ed; do
  openssl pkey -in $key -outform DER -out secret/$key.pkcs8
  openssl pkcs8 -topk8 -in $key -passout pass:x -outform DER -out secret/$key.encrypted
  openssl pkcs8 -topk8 -in $key -v1 PBE-SHA1-3DES -passout pass:x -outform DER -out secret/$key.pbe
  openssl pkey -in $key -text -noout -out secret/$key.text
done
openssl pkey -in ec -traditional -outform DER -out secret/ec.sec1
openssl pkey -in rsa -traditional -outform DER -out secret/rsa.pkcs1
openssl pkcs12 -export -inkey ec -in certificate -passout pass:x -out secret/ec.p12
ssh-keygen -q -t ed25519 -N '' -f secret/openssh </dev/null
mv secret/openssh.pub public/
cp ec secret/ec.pem

openssl x509 -in certificate -outform DER -out public/certificate.der
openssl req -in request -outform DER -out public/request.der
openssl x509 -in version1 -outform DER -out public/version1.der
openssl pkey -in rsa -pubout -outform DER -out public/rsa.der
openssl crl2pkcs7 -nocrl -certfile certificate -outform DER -out public/bundle.p7b
openssl x509 -in certificate -text -out public/certificate.text
cat /etc/ssl/certs/ca-certificates.crt certificate >public/roots.pem

recoded() { # recoded FOLDER: what lies there, in other writings
  local file
  for file in "$1"/*; do
    base64 <"$file" >"$file.base64"
    base64 -w0 <"$file" | tr '+/' '-_' | tr -d = >"$file.base64url"
    xxd -p <"$file" >"$file.hex"
    xxd -p -c1 <"$file" | paste -sd: >"$file.colons"
    xxd -i <"$file" >"$file.c"
    base64 -w0 <"$file" | rev >"$file.reversed"
    jq -n --rawfile text "$file.base64" '{ it: { lines: $text } }' >"$file.json"
    base64 <"$file.json" >"$file.json64"
    jq -rn --rawfile text "$file.base64" '"it=" + ($text | @uri)' >"$file.uri"
  done
}
recoded secret
recoded public

# Every file is asked for in one run of each folder: what is refused is told all at once.
outputs() { # outputs FOLDER FUNCTION
  find "$1" -type f | sort | jq -Rn --arg function "$2" \
    '{ output: ([inputs] | to_entries | map({ "o\(.key)": { value: "${length(\($function)(\"\(.value)\"))}" } }) | add) }' >main.trunk.json
}
outputs secret filebase64
expect_exit 1 trunkform validate
for file in $(find secret -type f); do
  grep -qF "the file $file holds a private key" err || die "$file became a value"
done
outputs public filebase64
expect_exit 0 trunkform validate

# So there is nothing to take apart.
for form in 'strrev(file("%"))' 'substr(file("%"), 30, 40)' 'base64encode(file("%"))' 'join("", split("-", file("%")))' \
  'templatefile("%", {})' 'jsonencode({ a = file("%") })'; do
  jq -n --arg value "\${${form//%/secret/ec.pem.base64}}" '{ output: { o: { value: $value } } }' >main.trunk.json
  expect_exit 1 trunkform validate
  expect_text err 'holds a private key'
  refuse_text err "$(sed -n 2p ec)"
done
