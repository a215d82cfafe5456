# console: one expression a line, one result a line; an error is told, and the next line is answered.
cat >main.trunk.json <<'JSON'
{
  "variable": { "v": { "default": { "a": [1, 2] } }, "s": { "default": "x", "sensitive": true } },
  "locals": { "l": "${var.v.a}" }
}
JSON
printf '%s\n' 'local.l[0] + 1' '# a comment' '' 'nope.x' 'type(var.v)' 'type(1) == type(2)' 'var.s' '"a\nb"' >in
code=0
trunkform console <in >out 2>err || code=$?
[ "$code" = 1 ] || die "exit $code instead of 1"
diff -u - out >&2 <<'OUT' || die "the results differ"
2
object({
    a: tuple([
        number,
        number,
    ]),
})
true
(sensitive value)
<<EOT
a
b
EOT
OUT
expect_text err '"nope" is not declared'
expect_text err 'on <console> line 4, column 1'
[ "$(echo 'upper("a")' | trunkform console)" = '"A"' ] || die "a good line alone"
mkdir empty
[ "$(echo '1 + 1' | trunkform -chdir=empty console)" = 2 ] || die "no configuration is needed"
