# What a reader looks for by name is on the page where readers look.
docs=$TEST_ROOT/docs
for variable in $(grep -rhoE '"TRUNKFORM_[A-Z_]+' "$TEST_ROOT/cmd/trunkform" "$TEST_ROOT/cmd/engine" --include='*.cpp' | tr -d '"' | sort -u); do
  [ "$variable" != TRUNKFORM_CLI_ARGS_ ] || continue
  grep -q "\`$variable" "$docs/configuration.md" || die "docs/configuration.md does not name $variable"
done
for name in var. local. each.key each.value count.index path.module path.root path.cwd trunkform.workspace; do
  grep -qF "\`$name" "$docs/configuration.md" || die "docs/configuration.md does not name $name"
done
for form in try can templatefile templatestring type; do
  grep -q "^| \`$form(" "$docs/reference/functions.md" || die "docs/reference/functions.md does not name $form"
done

# And they are what the page says.
mkdir -p here
cd here || exit
printf '%s' 'hello ${name}' >greeting.txt
echo '{ "locals": { "a": 1 } }' >main.trunk.json
evaluates() { [ "$(printf '%s\n' "$1" | trunkform console)" = "$2" ] || die "$1 is $(printf '%s\n' "$1" | trunkform console)"; }
evaluates 'trunkform.workspace' '"default"'
evaluates 'path.module == path.root' true
evaluates 'try(local.a.nothing, "else")' '"else"'
evaluates 'can(local.a.nothing)' false
evaluates 'templatefile("greeting.txt", { name = "you" })' '"hello you"'
evaluates 'type(local.a)' number

# What is said to play a promise is there.
cd ..
awk -F'|' '/^\| / { print $(NF - 1) }' "$docs/security-coverage.md" | grep -oE '`[^`]+`' | tr -d '`' | sort -u >players
[ "$(wc -l <players)" -gt 30 ] || die 'the tests of docs/security-coverage.md were not found'
while read -r name; do
  [ -f "$TEST_ROOT/$name" ] || [ -f "$TEST_ROOT/tests/cli/$name.sh" ] || [ -n "$(find "$TEST_ROOT/tests/unit" -name "$name.cpp")" ] ||
    die "docs/security-coverage.md names $name, which is no test"
done <players
