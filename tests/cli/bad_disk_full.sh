# A full disk. Before the first PATCH nothing is sent; in the middle of a run the run stops, and the next one knows what was
# done. As root on a tmpfs of its own; otherwise by a limit on the size of files.
. "$TEST_ROOT/tests/cli/support/outside.sh"
make_authority
leaf old -70 20
leaf new -1 89
trunk "Carrier A 01" old
trunk "Carrier A 02" old
start_service
configure "$(binding a "Carrier A 01" '"adopt": true'), $(binding b "Carrier A 02" '"adopt": true')"
mkdir disk
mounted=
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=128k tmpfs disk 2>/dev/null; then mounted=1; fi
leave_disk() { [ -z "$mounted" ] || umount -l "$PWD/disk" 2>/dev/null || true; }
trap leave_disk EXIT
cp main.trunk.json root.pem new.chain new.key disk/

# fill: no byte more fits on the disk; make_room: some do. Without a disk of its own the process may write no file.
fill() { [ -z "$mounted" ] || cat /dev/zero >disk/filler 2>/dev/null || true; }
make_room() { [ -z "$mounted" ] || rm -f disk/filler; }
limited() {
  if [ -n "$mounted" ]; then
    "$@"
  else
    # bash counts in 1024 bytes: 0 is none at all; the output goes through a pipe, which has no size.
    (trap '' XFSZ; ulimit -f 0; "$@" 2>&3 | cat >&4) 3>&2 4>&1
  fi
}
fill
# The pipe is what still can be written; the program's own code, not cat's.
limited trunkform -chdir=disk apply -auto-approve 2>&1 >/dev/null | cat >err && code=${PIPESTATUS[0]} || code=${PIPESTATUS[0]}
[ "$code" = 1 ] || { cat err >&2; die "exit $code instead of 1 on a full disk"; }
sent 0
expect_text err "Error:"
every_error_helps err
grep -qE 'No space left|File too large' err || { cat err >&2; die "it does not say what is wrong"; }
expect_exit 1 limited trunkform -chdir=disk plan -out=saved.trunkplan
grep -qE 'No space left|File too large' err || { cat err >&2; die "it does not say what is wrong"; }
every_error_helps err
[ ! -e disk/saved.trunkplan ] || die "half a plan was left"

# With room again the same command does all of it, and nothing is left of the failed one.
make_room
expect_exit 0 trunkform -chdir=disk apply -auto-approve
sent 2
expect_exit 0 trunkform -chdir=disk plan -detailed-exitcode

# It fills up in the middle: after the first trunk's intent and PATCH. What was sent is known to the next run.
leaf next -1 120
cp next.chain disk/new.chain
cp next.key disk/new.key
sed -i 's/"min_age": "0s"/&, "when": "available"/g; s/"stagger": "0s"/"stagger": "3s"/' disk/main.trunk.json
trunkform -chdir=disk apply -auto-approve >first.out 2>first.err &
run=$!
third_sent() { [ "$(count_operation patch)" -ge 3 ]; }
wait_for 20 third_sent
sleep 0.5
if [ -n "$mounted" ]; then fill; else prlimit --pid "$run" --fsize=0:0; fi
code=0
wait "$run" || code=$?
[ "$code" = 1 ] || { cat first.out first.err >&2; die "exit $code instead of 1 on a disk that filled up"; }
cp first.err err
every_error_helps err
sent 3
make_room
expect_exit 0 trunkform -chdir=disk apply -auto-approve
sent 4
bound "Carrier A 01" next
bound "Carrier A 02" next
curl -fsS "$base_url/_sim/summary" >summary
expect_text summary '"needless_patches":0'
stop_service
