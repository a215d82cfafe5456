# Somebody puts a link where a store of files has its versions, by a pull request or because everybody may write there: it is
# told as what it is, and no key and no chain behind it goes.
. "$TEST_ROOT/tests/cli/support/stranger.sh"
make_authority
leaf before -70 20
trunk East before
start_service
issuing '"local_ca": { "one": { "certificate": "ca/intermediate.pem", "private_key": { "file": "ca/intermediate.key" } } }' \
  '"files": { "here": { "path": "sip", "keep": 2 } }'
expect_exit 0 trunkform trust add secret file ca/intermediate.key
expect_exit 0 trunkform trust add write files sip
chmod 600 ca/intermediate.key
victim=$HOME/victim
mkdir "$victim"
for name in chain.pem key.pem .key.pem.1.tmp; do echo theirs >"$victim/$name"; done
victims() { find "$victim" -type f -exec sha256sum {} + | sort; }
victims >victim.before

apply_all
mv sip/versions/000001 sip/versions/000005
ln -sfn versions/000005 sip/live
replace=-replace=certificate.issued.sip
for number in 000002 000009; do
  ln -s "$victim" sip/versions/$number
  for command in "plan $replace" "apply -auto-approve $replace" doctor; do
    # shellcheck disable=SC2086 # words
    expect_exit 1 trunkform $command
    cat out err >told
    expect_text told "'$PWD/sip/versions/$number' is a symbolic link to $victim"
    expect_text told "rm $PWD/sip/versions/$number"
    refuse_text told 'is removed with its key'
  done
  [ -z "$(ls sip/pending.pem 2>/dev/null)" ] || die 'a key was staged'
  rm sip/versions/$number
done
# A plan is saved, and the link comes afterwards.
expect_exit 0 trunkform plan $replace -out=saved.trunkplan
ln -s "$victim" sip/versions/000002
expect_exit 1 trunkform apply saved.trunkplan
rm sip/versions/000002

# --- Everybody may write there: a version that says it belongs to the request that is withdrawn.
request=00000000-0000-4000-8000-000000000009
stage() {
  printf 'request: %s\nsince: %s\n' $request "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >sip/pending.pem
  openssl ecparam -name prime256v1 -genkey -noout >>sip/pending.pem 2>/dev/null
}
echo "request: $request" >"$victim/request"
victims >victim.before
chmod 777 sip sip/versions
stage
ln -s "$victim" sip/versions/000009
expect_exit 0 trunkform issuer unstage -auto-approve certificate.issued.sip
[ ! -e sip/pending.pem ] || die 'the staged key is still there'
# What is the store's own goes, in such a folder too.
rm sip/versions/000009
cp -r "$victim" sip/versions/000009
stage
expect_exit 0 trunkform issuer unstage -auto-approve certificate.issued.sip
[ ! -e sip/pending.pem ] || die 'the staged key is still there'
[ ! -e sip/versions/000009 ] || die 'what was half made is still there'
# Their folder is no store's, wherever it is led.
stage
mv sip/versions sip/versions.old
ln -s "$HOME" sip/versions
expect_exit 1 trunkform issuer unstage -auto-approve certificate.issued.sip
expect_text err "'$PWD/sip/versions' is a symbolic link to $HOME"

victims | diff victim.before - || die 'something went through a link'
stop_service
