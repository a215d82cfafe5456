# The guide, section 7: the private key is not kept by the automation, in any file or log. It is read from its source at
# run time, and only when something is to be bound. (no_secret_anywhere.sh looks everywhere else.)
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf next -1 89
trunk "Carrier A 01" old
start_service
settle_on old "$(binding a "Carrier A 01")"
offer next

# A plan neither needs nor reads the key.
mv new.key hidden.key
expect_exit 2 trunkform plan -out=saved.trunkplan -detailed-exitcode
expect_text out 'the private key is not to be had here'
expect_text out 'new.key: No such file or directory'
expect_exit 1 trunkform apply saved.trunkplan
expect_text err "new.key"
sent 0
mv hidden.key new.key
expect_exit 0 trunkform apply saved.trunkplan
bound "Carrier A 01" next

# Nothing that was written holds it, and nobody else may read what was written.
secret=$(sed -n 2p new.key)
for file in saved.trunkplan trunkform.state.json trunkform.state.events trunkform.state.backup out err; do
  [ -s "$file" ] || [ "$file" = err ] || die "there is no $file"
  refuse_text "$file" "PRIVATE KEY"
  refuse_text "$file" "$secret"
done
for file in saved.trunkplan trunkform.state.json trunkform.state.events; do
  [ "$(stat -c %a "$file")" = 600 ] || die "$file has mode $(stat -c %a "$file")"
done

# A secret cannot be written into a configuration, and what was tried is not shown.
set_provider '"client_secret": "swordfish-in-plain-sight"'
expect_exit 1 trunkform plan
expect_text err "client_secret"
refuse_text err "swordfish-in-plain-sight"
stop_service
