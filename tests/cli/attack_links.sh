# A pull request adds symbolic links: what trunkform reads beside the configuration leads to a file that nobody meant to show.
# Errors are shown with their line, so nothing of it may be read, and nothing be written there.
. "$TEST_ROOT/tests/cli/support/stranger.sh"
make_authority
leaf old -70 20
leaf new -1 89
trunk East old
start_service
start_stranger
configure "$(binding east East '"adopt": true')"
expect_exit 0 trunkform plan
mkdir "$HOME/private"
printf 'hvs.CANARY-a-token-in-one-line\n' >"$HOME/private/token"
printf '{"password":"CANARY","version":"CANARY"}' >"$HOME/private/secret.json"
printf '{"format": "CANARY-a-string-without-an-end' >"$HOME/private/torn.json"
private() { find "$HOME/private" -type f -exec sha256sum {} + | sort; }
private >private.before

# shows_nothing LINK COMMAND ...: with LINK leading to each of those files in turn
shows_nothing() {
  local link=$1 target
  shift
  [ ! -e "$link" ] || mv "$link" "$link.kept"
  for target in token secret.json torn.json; do
    rm -f "$link"
    ln -s "$HOME/private/$target" "$link"
    "$@" >out 2>err || true
    gets_nothing "$link -> $target, by $*"
  done
  rm -f "$link" # where a run has not removed it itself
  [ ! -e "$link.kept" ] || mv "$link.kept" "$link"
}
for command in plan validate 'apply -auto-approve' drift doctor 'state list' history 'workspace list' 'fmt -check -diff' fmt; do
  for link in more.trunk.json more.auto.trunkvars.json .trunkform.workspace trunkform.state.json trunkform.state.events trunkform.alerts.json \
    trunkform.owners.json trunkform.pacing.json .trunkform.lock.info trunkform.state.recovery.json new.chain new.key root.pem; do
    # shellcheck disable=SC2086 # words
    shows_nothing $link trunkform $command
  done
done
shows_nothing named.json trunkform plan -var-file=named.json
shows_nothing named.trunk.json trunkform fmt -diff named.trunk.json
shows_nothing saved.trunkplan trunkform apply saved.trunkplan
shows_nothing saved.trunkplan trunkform show saved.trunkplan
shows_nothing .trunkform.lock.info trunkform force-unlock -force 1

# Folders on the way.
mkdir inner
ln -s "$HOME/private" outer
shows_nothing inner/named.json trunkform plan -var-file=inner/named.json
expect_exit 1 trunkform plan -var-file=outer/secret.json
gets_nothing 'a folder that is a link'
expect_text err 'leads out of'
expect_exit 1 trunkform fmt -diff outer/secret.json
gets_nothing 'a folder that is a link'
rm outer

# Another project's state, by the folder of a workspace.
mkdir -p "$HOME/private/project/prod"
cp trunkform.state.json "$HOME/private/project/prod/" 2>/dev/null || printf '{}' >"$HOME/private/project/prod/trunkform.state.json"
private >private.before
for link in trunkform.state.d trunkform.state.d/prod; do
  rm -rf trunkform.state.d
  case $link in */*) mkdir trunkform.state.d && ln -s "$HOME/private/project/prod" $link ;; *) ln -s "$HOME/private/project" $link ;; esac
  printf prod >.trunkform.workspace
  for command in plan 'apply -auto-approve' 'state list' history drift; do
    # shellcheck disable=SC2086 # words
    expect_exit 1 trunkform $command
    expect_text err "$link is a symbolic link"
    expect_text err "rm "
  done
  expect_exit 1 env TRUNKFORM_WORKSPACE=prod trunkform state list
done
rm -rf trunkform.state.d .trunkform.workspace
private | diff private.before - || die 'something was written through a link'

# What it says is what is so, and what to do.
ln -s "$HOME/private/token" more.trunk.json
expect_exit 1 trunkform plan
said trust/configuration_link
rm more.trunk.json
ln -s "$HOME/private/token" .trunkform.workspace
expect_exit 1 trunkform plan
said trust/workspace_link
rm .trunkform.workspace

# A link that stays beneath the folder is a file like any other, as a ConfigMap's are.
mkdir ..data
mv main.trunk.json ..data
ln -s ..data/main.trunk.json main.trunk.json
expect_exit 0 trunkform plan
expect_exit 0 trunkform fmt
[ -L main.trunk.json ] || die 'fmt replaced a link'
rm main.trunk.json
mv ..data/main.trunk.json .
# And what the operator names outside is theirs.
printf '{}' >"$HOME/values.json"
expect_exit 0 trunkform plan -var-file="$HOME/values.json"

# --- functions of the configuration
git_token='[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic CANARY\n'
mkdir .git inner/.git
# shellcheck disable=SC2059 # it has the line breaks
printf "$git_token" | tee .git/config >inner/.git/config
ln -s .git/config within
ln -s "$HOME/private/token" out_of_it
cp main.trunk.json good.json
named() { sed "s|\"East\"|\"\${$1}\"|" good.json >main.trunk.json; } # EXPRESSION: the trunk's name, which a plan shows
for path in .git/config ./inner/.git/config within inner/../.git/config; do
  for form in 'file(%)' 'templatefile(%, {})' 'filebase64(%)' 'tostring(fileexists(%))'; do
    named "${form/'%'/'\\"'"$path"'\\"'}"
    expect_exit 1 trunkform plan
    gets_nothing "$form of $path"
    expect_text err "is git's own"
  done
done
for path in out_of_it "$HOME/private/token" ../../../../../../../../etc/passwd; do
  named 'file(\\"'"$path"'\\")'
  expect_exit 1 trunkform plan
  gets_nothing "file($path)"
  expect_text err 'leads out of'
done
cp good.json main.trunk.json
rm -r .git inner/.git within out_of_it

# --- secrets: what the operator allowed by its place in the checkout is that file, not whatever a link there leads to
openssl ecparam -name prime256v1 -genkey -noout -out lab.key 2>/dev/null
cp lab.key "$HOME/private/other.key"
private >private.before
issuing '"local_ca": { "one": { "certificate": "ca/intermediate.pem", "private_key": { "file": "lab.key" } } }' '"files": { "here": { "path": "'"$HOME/store"'" } }'
expect_exit 0 trunkform trust add write files "$HOME/store"
expect_exit 0 trunkform trust add secret file lab.key
expect_exit 0 trunkform plan
rm lab.key
ln -s "$HOME/private/other.key" lab.key
refused 'a secret behind a link' "trunkform trust add secret file $HOME/private/other.key"
private >private.after
cmp private.before private.after >&2 || die 'a file was changed that a link led to'
