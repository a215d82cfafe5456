# Mail through a server that demands STARTTLS and AUTH: what it says, where the password goes, and what is refused.
. "$TEST_ROOT/tests/cli/support/alerts.sh"
make_authority
leaf old -80 5
trunk "Größe <b>East</b>" old
start_service
start_mail post trunkform mail-password
offer old
export SMTP_PASSWORD=mail-password TRUNKFORM_CA_FILE=$PWD/root.pem
mail() { # [MORE OF SMTP [WHERE]]
  configure "$(binding east "Größe <b>East</b>" '"adopt": true')" "\"notify\": { \"email\": { \"ops\": {
    \"smtp\": { \"host\": \"${2-localhost}\", \"port\": $post_port, \"user\": \"trunkform\", \"password\": { \"env\": \"SMTP_PASSWORD\" }${1:+, $1} },
    \"from\": \"trunkform <alerts@example.com>\", \"to\": [\"ops@example.com\", \"Größe Wache <wache@example.com>\"] } } }"
}
mail
trunkform trust add secret env SMTP_PASSWORD >/dev/null
expect_exit 1 env -u TRUNKFORM_TRUST_LOOPBACK trunkform notify test
expect_text err "trunkform trust add host localhost:$post_port smtp"
expect_exit 0 trunkform trust add host "localhost:$post_port" smtp
expect_exit 0 env -u TRUNKFORM_TRUST_LOOPBACK trunkform notify test
[ -s post/1.eml ] || die "no mail came"
rm post/1.eml

# Critical, and the source offers no newer one: overdue.
expect_exit 1 trunkform apply -auto-approve
mv post/*.eml got.eml
python3 - <<'PY' || die "the mail is not as it should be: $(cat got.eml)"
import email, email.policy
mail = email.message_from_binary_file(open("got.eml", "rb"), policy=email.policy.default)
assert mail["X-Login"] == "trunkform" and mail["X-TLS"] == "True", mail["X-Login"]
assert mail["X-Envelope-To"] == "ops@example.com wache@example.com", mail["X-Envelope-To"]
assert mail["X-Envelope-From"] == "alerts@example.com"
assert mail["Bcc"] is None and not mail.defects, mail.defects
assert mail["From"].addresses[0].display_name == "trunkform"
assert mail["To"].addresses[1].display_name == "Größe Wache"
assert mail["Subject"].startswith("[error] overdue: trunk \"Größe"), mail["Subject"]
assert mail["X-Trunkform-Alert"] == "overdue"
text = mail.get_content()
assert "\nwhat to do: renew the certificate" in text, text
assert "\nBcc:" not in text, text
PY
refuse_text got.eml mail-password

# The same again is not told within a day; the end is.
expect_exit 1 trunkform apply -auto-approve
[ -z "$(find post -name '*.eml')" ] || die "the same was told again"
leaf next -1 89
offer next
expect_exit 0 trunkform apply -auto-approve
wait_for 5 test -n "$(find post -name '*.eml')"
cat post/*.eml >got.eml
expect_text got.eml "X-Trunkform-Alert: recovered"

# Refused: a server without a trusted certificate, a wrong password, no TLS off the loopback, plain text to such a server.
expect_exit 1 env -u TRUNKFORM_CA_FILE trunkform notify test
expect_text err "certificate"
refuse_text err mail-password
expect_exit 1 env SMTP_PASSWORD=another trunkform notify test
expect_text err "check user and password of the smtp block"
refuse_text err another
mail '"starttls": false' mail.example.com
expect_exit 1 trunkform notify test
expect_text err "mail does not go to mail.example.com without TLS"
mail '"starttls": false'
expect_exit 1 trunkform notify test
stop_service
