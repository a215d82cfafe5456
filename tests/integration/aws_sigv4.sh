# Signature Version 4 against botocore: what trunkform sends for odd requests is what AWS's own client would send. That
# AWS's side refuses a wrong signature is in source_aws_secretsmanager.
python=$TEST_ROOT/build/servers/python/bin/python
[ -x "$python" ] || die "botocore is not here: ./bootstrap.sh --integration installs it"
"$python" "$TEST_ROOT/tests/integration/support/compare_signatures.py" "$(command -v sign-request)" >out || die "see above"
expect_text out '52 requests, 0 differences'
