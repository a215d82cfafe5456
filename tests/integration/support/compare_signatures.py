"""Signs odd requests by botocore and by sign-request, and compares what is sent. Usage: compare_signatures.py PROGRAM"""

import datetime
import json
import subprocess
import sys
from unittest import mock
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "")
SESSION = ("ASIAEXAMPLE", "secret/with+signs=", "FwoGZXIvYXdzEJr//////////wEaD+token/with=signs==")
HOST = "secretsmanager.eu-central-1.amazonaws.com"


def request(name, method="GET", path="/", query=(), headers=(), body="", service="secretsmanager",
            region="eu-central-1", host=HOST, key=KEY, time="2026-11-27T19:36:00Z"):
    return {"name": name, "method": method, "path": path, "query": [list(pair) for pair in query],
            "headers": [list(pair) for pair in headers], "body": body, "service": service, "region": region,
            "host": host, "access_key_id": key[0], "secret_access_key": key[1], "session_token": key[2], "time": time}


JSON = ("Content-Type", "application/x-amz-json-1.1")
READ = ("X-Amz-Target", "secretsmanager.GetSecretValue")
S3 = {"service": "s3", "host": "bucket.s3.eu-central-1.amazonaws.com"}

REQUESTS = [
    # what the sources send
    request("get_secret_value", "POST", headers=[JSON, READ], body='{"SecretId":"sip/east"}'),
    request("with_a_token", "POST", headers=[JSON, READ], body='{"SecretId":"sip/east"}', key=SESSION),
    request("export_certificate", "POST", service="acm", host="acm.us-east-1.amazonaws.com", region="us-east-1",
            headers=[JSON, ("X-Amz-Target", "CertificateManager.ExportCertificate")], body="{}", key=SESSION),
    request("assume_role", "POST", service="sts", host="sts.us-east-1.amazonaws.com", region="us-east-1",
            headers=[("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
            body="Action=AssumeRole&Version=2011-06-15"),
    request("china", service="acm", host="acm.cn-north-1.amazonaws.com.cn", region="cn-north-1"),
    request("a_port_in_the_host", host="127.0.0.1:5000"),
    # bodies
    request("no_body", "POST"),
    request("a_body_of_unicode", "POST", body="na\u00efve \u20ac \U0001f600\n"),
    request("a_long_body", "POST", body="x" * 100000),
    request("other_methods", "DELETE", path="/thing"),
    request("patch", "PATCH", path="/thing", body="[]"),
    # paths
    request("an_empty_path", path=""),
    request("two_slashes", path="//a//b///"),
    request("dots", path="/a/./b/../c/../../d/"),
    request("only_dots", path="/../.."),
    request("a_space", path="/a%20b"),
    request("encoded_once_is_encoded_again", path="/arn%3Aaws%3Asns%2Fx"),
    request("unicode_in_a_path", path="/" + quote("\u00fc\u20ac\U0001f600")),
    request("signs_in_a_path", path="/a=b:c@d,e;f$g&h+i!j*k'l(m)"),
    request("tilde_and_others_stay", path="/~a-b_c.d"),
    request("a_percent_itself", path="/100%25"),
    # queries
    request("unsorted", query=[("b", "2"), ("a", "1"), ("c", "3")]),
    request("upper_case_is_first", query=[("a", "1"), ("B", "2"), ("A", "3"), ("b", "4")]),
    request("the_same_name", query=[("a", "2"), ("a", "1"), ("a", "10"), ("a", "")]),
    request("one_name_begins_as_another", query=[("ab", "1"), ("a", "2"), ("a-b", "3"), ("a b", "4")]),
    request("without_a_value", query=[("acl", ""), ("b", "1")]),
    request("without_a_name", query=[("", "1")]),
    request("equal_signs", query=[("a", "b=c=="), ("d=e", "f")]),
    request("slashes_and_colons", query=[("next", "a/b:c"), ("arn", "arn:aws:acm:us-east-1:1:certificate/x")]),
    request("plus_and_space", query=[("a", "b+c d")]),
    request("percents", query=[("a", "%2F"), ("b", "100%")]),
    request("unicode_in_a_query", query=[("\u00fc", "\u20ac"), ("z", "\U0001f600")]),
    request("reserved", query=[("a", "!*'();:@&=+$,/?#[]"), ("b", "-._~")]),
    request("order_of_what_is_encoded", query=[("\u00e9", "1"), ("z", "2"), ("~", "3"), ("[", "4")]),
    request("a_query_and_a_token", query=[("b", ""), ("a", "x y")], key=SESSION),
    # headers
    request("blanks_in_headers", headers=[("X-One", "  a   b \t c  ")]),
    request("an_empty_header", headers=[("X-One", "")]),
    request("one_header_twice", headers=[("X-One", "b"), ("X-One", " a  c ")]),
    request("names_of_any_case", headers=[("x-ONE", "1"), ("X-two", "2"), ("A", "3")]),
    request("quotes_in_a_header", headers=[("X-One", '"a   b"')]),
    request("order_of_headers", headers=[("X-A-B", "1"), ("X-A", "2"), ("X-AB", "3"), ("X-Amz-Zzz", "4")]),
    # S3, which takes paths as they are
    request("s3_a_key", path="/folder/state.json", **S3),
    request("s3_slashes_and_dots_stay", path="/a//b/./c/../d", **S3),
    request("s3_encoded_once", path="/a%20b/" + quote("\u00fc=:"), **S3),
    request("s3_a_plus", path="/a%2Bb", **S3),
    request("s3_subresource", query=[("versions", ""), ("prefix", "a/b"), ("max-keys", "2")], **S3),
    request("s3_put_on_a_condition", "PUT", path="/state.json", headers=[("If-None-Match", "*")], body="{}", **S3),
    request("s3_put_on_an_etag", "PUT", path="/state", headers=[("If-Match", '"d41d8cd98f00b204e9800998ecf8427e"')],
            body="\u20ac", key=SESSION, **S3),
    request("s3_expected_owner", headers=[("x-amz-expected-bucket-owner", "123456789012")], **S3),
    # days and keys
    request("the_first_second_of_a_day", time="2027-01-01T00:00:00Z"),
    request("the_last_second_of_a_day", time="2028-02-29T23:59:59Z"),
    request("a_key_with_signs", key=("AKID", "+/=" * 13 + "x", "")),
]


def by_botocore(given):
    signer_of = botocore.auth.S3SigV4Auth if given["service"] == "s3" else botocore.auth.SigV4Auth
    signed = AWSRequest(method=given["method"], url="https://" + given["host"] + given["path"],
                        params=[tuple(pair) for pair in given["query"]], data=given["body"].encode())
    for name, value in given["headers"]:
        signed.headers.add_header(name, value)
    credentials = Credentials(given["access_key_id"], given["secret_access_key"], given["session_token"] or None)
    now = datetime.datetime.strptime(given["time"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: now):
        signer_of(credentials, given["service"], given["region"]).add_auth(signed)
    return signed


def main():
    given = [{k: v for k, v in one.items() if k != "name"} for one in REQUESTS]
    ours = json.loads(subprocess.run([sys.argv[1]], input=json.dumps(given), capture_output=True, text=True,
                                     check=True).stdout)
    assert len(ours) == len(REQUESTS) == len({one["name"] for one in REQUESTS})
    wrong = 0
    for one, sent in zip(REQUESTS, ours):
        theirs = by_botocore(one)
        pairs = [("authorization", theirs.headers["Authorization"], sent["authorization"]),
                 ("date", theirs.headers["X-Amz-Date"], sent["date"]),
                 ("body digest", theirs.headers.get("X-Amz-Content-SHA256", sent["body_digest"]), sent["body_digest"])]
        # What is sent is what is signed: botocore signs an address as it stands, too.
        if one["query"]:
            again = by_botocore({**one, "query": [], "path": (one["path"] or "/") + "?" + sent["query"]})
            pairs.append(("authorization of the sent address", again.headers["Authorization"], sent["authorization"]))
        for what, expected, got in pairs:
            if expected != got:
                wrong += 1
                print(f"{one['name']}: {what}\n  botocore {expected}\n  ours     {got}", file=sys.stderr)
    print(f"{len(REQUESTS)} requests, {wrong} differences")
    return wrong != 0


sys.exit(main())
