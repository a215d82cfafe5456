# The quickstart does the main job from the beginning to the end; it checks each exit code itself.
mkdir quick
TRUNKFORM_BIN=$(dirname "$(command -v trunkform)") TMPDIR=$PWD/quick "$TEST_ROOT/examples/quickstart/run.sh" >out 2>err </dev/null ||
  { cat out err >&2; die "the quickstart failed"; }
expect_text out "No changes."
expect_text out "8 changed"
expect_text out "4 adopted"
[ -z "$(ls -A quick)" ] || die "the quickstart left something behind: $(ls -A quick)"
