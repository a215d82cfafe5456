#!/usr/bin/env python3
"""AWS Certificate Manager with certificates that verify, which moto's do not. Usage: acm_fake.py PORT STATE

STATE is a JSON file that is read for each request: {"key_id", "key", "certificates": {ARN: {"name": NAME, "status",
"type", "export"}}}; NAME.pem, NAME.key and ca/intermediate.pem are files beside it. With "pair": OTHER the exported key
is OTHER.key. The passphrase of the last export is written to ./passphrase beside it. With "rate" each operation takes so
many requests a second, and as many at once; ACM has such quotas, and moto none. Every signature is computed anew by
botocore and compared. What it answers was proven by boto3 in the same run: tests/integration/source_acm.sh.
"""

import base64
import datetime
import http.server
import json
import os
import subprocess
import sys
import threading
import time
from unittest import mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

PAGE = 2
KEY_TYPES = {"RSA_1024", "RSA_2048"}  # what is listed where the request does not say


def state():
    with open(sys.argv[2]) as file:
        return json.load(file)


def text(name):
    with open(os.path.join(os.path.dirname(os.path.abspath(sys.argv[2])), name)) as file:
        return file.read()


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def certificate_of(given):
    found = state()["certificates"].get(given["CertificateArn"])
    if found is None:
        raise Refused("ResourceNotFoundException", "Could not find certificate " + given["CertificateArn"])
    return found


def describe(given):
    found = certificate_of(given)
    details = {"CertificateArn": given["CertificateArn"], "DomainName": "sip.example.com", "Status": found["status"],
               "Type": found["type"], "IssuedAt": 1795800000.5, "KeyAlgorithm": "EC_prime256v1",
               "SubjectAlternativeNames": ["sip.example.com"], "Options": {"Export": found["export"]}}
    return {"Certificate": details}


def get(given):
    found = certificate_of(given)
    if found["status"] != "ISSUED":
        raise Refused("RequestInProgressException", "The certificate is not issued yet")
    return {"Certificate": text(found["name"] + ".pem"), "CertificateChain": text("ca/intermediate.pem")}


def export(given):
    found = certificate_of(given)
    passphrase = base64.b64decode(given["Passphrase"], validate=True)
    if not 4 <= len(passphrase) <= 128 or set(passphrase) & set(b"#$%"):
        raise Refused("ValidationException", "the passphrase does not satisfy the constraints")
    if found["type"] == "IMPORTED" or found["export"] != "ENABLED":
        raise Refused("ValidationException", "the certificate cannot be exported")
    with open(os.path.join(os.path.dirname(os.path.abspath(sys.argv[2])), "passphrase"), "wb") as told:
        told.write(passphrase)
    key = subprocess.run(["openssl", "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", "stdin", "-in",
                          os.path.join(os.path.dirname(os.path.abspath(sys.argv[2])), found.get("pair", found["name"]) + ".key")],
                         input=passphrase, capture_output=True, check=True).stdout.decode()
    return {**get(given), "PrivateKey": key}


def list_all(given):
    wanted = set(given.get("Includes", {}).get("keyTypes", KEY_TYPES))
    statuses = given.get("CertificateStatuses")
    every = [{"CertificateArn": arn, "DomainName": one.get("domain", "sip.example.com"),
              "SubjectAlternativeNameSummaries": [one.get("domain", "sip.example.com")]}
             for arn, one in sorted(state()["certificates"].items())
             if "EC_prime256v1" in wanted and (not statuses or one["status"] in statuses)]
    begin = int(given.get("NextToken", "0"))
    answer = {"CertificateSummaryList": every[begin:begin + PAGE]}
    if begin + PAGE < len(every):
        answer["NextToken"] = str(begin + PAGE)
    return answer


OPERATIONS = {"DescribeCertificate": describe, "GetCertificate": get, "ExportCertificate": export,
              "ListCertificates": list_all}


TURN = threading.Lock()
LEFT = {}  # by operation: how many more it takes, and when that was so


def throttle(operation, rate):
    with TURN:
        now = time.monotonic()
        left, since = LEFT.get(operation, (rate, now))
        left = min(rate, left + (now - since) * rate)
        LEFT[operation] = (left - 1 if left >= 1 else left, now)
        if left < 1:
            raise Refused("ThrottlingException", "Rate exceeded")


class Handler(http.server.BaseHTTPRequestHandler):
    def check_signature(self, body):
        given = self.headers["Authorization"]
        scope = given.split("Credential=")[1].split(",")[0].split("/")
        signed = AWSRequest("POST", "http://" + self.headers["Host"] + self.path, data=body)
        for name in given.split("SignedHeaders=")[1].split(",")[0].split(";"):
            if name not in ("host", "x-amz-date"):
                signed.headers[name] = self.headers[name]
        when = datetime.datetime.strptime(self.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ")
        who = Credentials(state()["key_id"], state()["key"])
        with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: when):
            botocore.auth.SigV4Auth(who, "acm", scope[2]).add_auth(signed)
        if signed.headers["Authorization"] != given:
            raise Refused("InvalidSignatureException", "The request signature we calculated does not match")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self.check_signature(body)
            operation = self.headers["X-Amz-Target"].split("CertificateManager.")[1]
            if "rate" in state():
                throttle(operation, state()["rate"])
            status, answer = 200, OPERATIONS[operation](json.loads(body))
        except Refused as refused:
            status, answer = 400, {"__type": refused.code, "message": str(refused)}
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("x-amzn-RequestId", "00000000-0000-4000-8000-000000000000")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, form, *arguments):
        print(self.headers.get("X-Amz-Target", ""), form % arguments, file=sys.stderr, flush=True)


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
