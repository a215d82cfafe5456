# fmt: one layout, nothing lost, nothing written where it should not be.
printf '{"a":1,"//":"why"}' >one.trunk.json
printf '{\n  "a": [1, 2]\n}\n' >good.trunk.json
printf '{"a": 1, "b": }' >bad.trunk.json
printf '{"a":1}' >other.json
mkdir deep
printf '{"a":1}' >deep/two.trunk.json
chmod 640 one.trunk.json

expect_exit 1 trunkform fmt -check
expect_text out one.trunk.json
refuse_text out good.trunk.json
expect_text err 'bad.trunk.json line 1, column 15'
[ "$(cat one.trunk.json)" = '{"a":1,"//":"why"}' ] || die "fmt -check wrote"

rm bad.trunk.json
expect_exit 3 trunkform fmt -check
expect_exit 3 trunkform fmt -check -diff -no-color
expect_text out '-{"a":1,"//":"why"}'
expect_text out '+  "//": "why"'

expect_exit 0 trunkform fmt
[ "$(cat one.trunk.json)" = $'{\n  "a": 1,\n  "//": "why"\n}' ] || die "one.trunk.json is not formatted"
[ "$(stat -c %a one.trunk.json)" = 640 ] || die "fmt changed the file's mode"
[ "$(cat other.json deep/two.trunk.json)" = '{"a":1}{"a":1}' ] || die "fmt touched what it was not asked for"
expect_exit 0 trunkform fmt -check
expect_exit 3 trunkform fmt -check -recursive

ln -s deep/two.trunk.json link.trunk.json
expect_exit 0 trunkform fmt link.trunk.json
[ -L link.trunk.json ] || die "fmt replaced a link"
expect_exit 0 trunkform fmt -check -recursive

printf '{"b":[]}' | trunkform fmt - >piped
[ "$(cat piped)" = $'{\n  "b": []\n}' ] || die "fmt - said: $(cat piped)"
expect_exit 1 trunkform fmt nowhere.trunk.json

# What the repository shows is in the one layout.
cp -r "$TEST_ROOT/examples" examples
expect_exit 0 trunkform fmt -check -recursive examples
