# What cannot be parsed is told in our own words, with what was perhaps meant and which command shows help; Terraform's
# words that do not exist here get a signpost. Nothing is begun, and the exit code is 64.
. "$TEST_ROOT/tests/cli/support/outside.sh"
answered() { # NAME: each line of standard input is one command line, and its answer goes into the golden
  local line words
  : >answers
  while IFS= read -r line; do
    [ -n "$line" ] || continue
    eval "words=($line)"
    expect_exit 64 trunkform "${words[@]}"
    every_error_helps err
    grep -q ' -help` ' err || die "trunkform $line: no command that shows help is named"
    refuse_text err 'expected:'
    refuse_text err 'required'
    { printf '$ trunkform %s\n' "$line"; cat err; } >>answers
  done
  expect_golden "bad/usage/$1.txt" answers
}
answered words <<'LINES'
plna
certificate chek x
state
state frobnicate
""
-foo plan
-no-color plan
-chdir
-chdir= plan
-chdir=x
plan -chdir=x
plan -otu=x
plan -x
plan -out
plan -out -destroy
plan -json=maybe
plan -probe false
plan extra
plan -- x
apply a b
state mv genesys_trunk_certificate.a
import genesys_trunk_certificate.a
import
state show
plan -var
issuer revoke -ver=5 certificate.issued.a
issuer revoke -serial=5 certificate.issued.a
rollback -to-version=5 genesys_trunk_certificate.a
certificate check -trust=x y
certificate check -colour=x y
LINES
answered habits <<'LINES'
taint genesys_trunk_certificate.a
refresh
get
providers lock
test
login
logout
graph
state replace-provider a b
env list
rm genesys_trunk_certificate.a
init -upgrade
init -force-copy
apply -destroy
apply -refresh-only
apply -refresh=false
plan -state=x
plan -compact-warnings
destroy -force
workspace select -or-create x
fmt -write=false
LINES

# What means the same as an own word is the own word.
expect_exit 0 trunkform version
cp out version
grep -qx 'formats of files: state [0-9]*, event log [0-9]*, saved plan [0-9]*' out || die "version: $(cat out)"
for word in -version --version -v; do
  expect_exit 0 trunkform $word
  cmp version out >&2 || die "$word is not version"
done
expect_exit 0 trunkform plan -help
cp out help_of_plan
expect_exit 0 trunkform help plan
cmp help_of_plan out >&2 || die 'help plan is not plan -help'
expect_exit 0 trunkform -help plan
cmp help_of_plan out >&2 || die '-help plan is not plan -help'
expect_exit 0 trunkform -help
cp out help
for word in help --help -h; do
  expect_exit 0 trunkform $word
  cmp help out >&2 || die "$word is not -help"
done
expect_exit 0 trunkform state -help

# -chdir before the command, and flags from the environment behind it, however long it is.
mkdir elsewhere
echo '{}' >elsewhere/main.trunk.json
expect_exit 0 env TRUNKFORM_CLI_ARGS=-no-color trunkform -chdir=elsewhere validate
expect_exit 0 env TRUNKFORM_CLI_ARGS=-no-color trunkform -chdir elsewhere validate
expect_exit 0 env TRUNKFORM_CLI_ARGS_workspace_list= trunkform -chdir=elsewhere workspace list
expect_exit 64 env TRUNKFORM_CLI_ARGS_state_list=-nothing trunkform -chdir=elsewhere state list
expect_text err 'it stands in TRUNKFORM_CLI_ARGS_state_list'
expect_exit 64 env TRUNKFORM_CLI_ARGS=-no-colour trunkform -chdir=elsewhere plan
expect_text err 'did you mean -no-color?'
expect_text err 'it stands in TRUNKFORM_CLI_ARGS'
expect_exit 64 env TRUNKFORM_CLI_ARGS=-no-color trunkform -chdir=elsewhere plan -otu=x
refuse_text err TRUNKFORM_CLI_ARGS

# Terraform's own files are none of ours, and the folder that has nothing else is told so.
mkdir terraform
touch terraform/main.tf terraform/more.tf.json
expect_exit 1 trunkform -chdir=terraform plan
expect_text err 'main.tf and 1 more are Terraform'
expect_text err 'write main.trunk.json'
echo '{}' >terraform/main.trunk.json
expect_exit 0 trunkform -chdir=terraform validate
