# Two stores of files whose folders are one, though their paths are not: the one would replace the other's keys, in turns. And
# one within the other.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
# stores FIRST SECOND: a configuration with these two paths
stores() {
  cat >main.trunk.json <<JSON
{
  "provider": { "genesys": { "region": "mypurecloud.de" } },
  "issuer": { "local_ca": { "lab": { "certificate": "ca/intermediate.pem", "private_key": { "file": "ca/intermediate.key" } } } },
  "store": { "files": { "a": { "path": "$1" }, "b": { "path": "$2" } } },
  "certificate": { "issued": {
    "a": { "issuer": "lab", "store": "a", "names": ["a.example.com"] },
    "b": { "issuer": "lab", "store": "b", "names": ["b.example.com"] } } }
}
JSON
}
mkdir -p one/deep "$HOME/elsewhere"
ln -s one link
ln -s "$HOME/elsewhere" outside
ln -s "$PWD/outside" "$HOME/work_link"
for pair in 'one link' 'one one/deep/..' "one $PWD/one/" 'link/new one/new' "outside $HOME/work_link" 'one ./link/deep/../'; do
  # shellcheck disable=SC2086 # two words
  stores $pair
  expect_exit 1 trunkform validate
  expect_text err 'certificate.issued.a and certificate.issued.b are kept in one place'
done
for pair in 'one link/deep' 'link one/versions/000001' "outside $HOME/elsewhere/b" '. one'; do
  # shellcheck disable=SC2086 # two words
  stores $pair
  expect_exit 1 trunkform validate
  expect_text err 'store.files.b lies within the folder of store.files.a'
done
stores one onetwo
expect_exit 0 trunkform validate
