# One address is wrong in each of the usual ways, the others are good: the rest applies, and the run exits 1.
. "$TEST_ROOT/tests/cli/support/service.sh"
make_authority
leaf ours -1 89
leaf stranger -1 89 voice.example.net
for number in 1 2 3 4; do trunk "East $number"; done
start_service
offer ours
configure "$(binding good_one 'East 1'), $(binding good_two 'East 2'), $(binding no_trunk 'East 9'),
  \"no_file\": { \"trunk\": { \"name\": \"East 3\" }, \"certificate\": \"\${certificate.pem_files.absent}\",
    \"identity\": [\"sip.example.com\"], \"carrier\": \"a\", \"rollout\": \"at_once\" },
  \"wrong_name\": { \"trunk\": { \"name\": \"East 4\" }, \"certificate\": \"\${certificate.pem_files.stranger}\",
    \"identity\": [\"sip.example.com\"], \"carrier\": \"a\", \"rollout\": \"at_once\", \"rotate\": { \"min_age\": \"0s\" } }"
sed -i 's|"certificate": { "pem_files": {|& "absent": { "chain": "absent.chain", "private_key": "absent.key" }, "stranger": { "chain": "stranger.chain", "private_key": "stranger.key" },|' main.trunk.json
plan_shows 1 one_bad_address
expect_exit 1 trunkform apply -auto-approve
shows one_bad_address_apply
live_is 'East 1' ours
live_is 'East 2' ours
[ -z "$(live_leaf 'East 3')$(live_leaf 'East 4')" ] || die 'a bad address was written to'
patches_are 2

# What is left to do is what was wrong.
expect_exit 1 trunkform plan -detailed-exitcode
expect_text out 'Nothing can be done now. 3 of 5 addresses have an error'
stop_service
