#!/usr/bin/env python3
"""NIST's PKITS in the form that corpora_limbo reads, on standard output.

usage: pkits.py VECTORS.json CERTIFICATES LISTS

VECTORS.json and the folder CERTIFICATES are in Go's sources (crypto/x509/testdata/nist-pkits), the folder LISTS (of
.crl files) in the PyPI package cryptography-vectors (x509/PKITS_data/crls). Left out is what asks for a policy: nobody
asks a SIP trunk for one. Then:  corpora_limbo -path -private -determined pkits.json tests/corpora/deliberate.txt
"""
import base64
import json
import pathlib
import sys


def pem(label: str, der: bytes) -> str:
    text = base64.b64encode(der).decode()
    lines = [text[i : i + 64] for i in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


def asks_for_a_policy(vector: dict) -> bool:
    flags = ("InitialExplicitPolicy", "InitialPolicyMappingInhibit", "InitialAnyPolicyInhibit")
    return vector["InitialPolicySet"] != ["anyPolicy"] or any(vector[flag] for flag in flags)


def case(vector: dict, certificates: pathlib.Path, lists: pathlib.Path) -> dict:
    path = [pem("CERTIFICATE", (certificates / name).read_bytes()) for name in vector["CertPath"]]
    number = vector["Name"].split()[0]
    return {
        "id": f"pkits-{'.'.join(number.split('.')[:2])}::{vector['Name'].replace(' ', '-')}",
        "description": " ".join(vector["CertPath"]),
        "validation_kind": "SERVER",
        "trusted_certs": path[:1],
        "untrusted_intermediates": path[-2:0:-1],
        "peer_certificate": path[-1],
        "expected_result": "SUCCESS" if vector["ShouldValidate"] else "FAILURE",
        "expected_peer_name": None,
        "validation_time": "2020-01-01T00:00:00Z",
        "max_chain_depth": None,
        "crls": [pem("X509 CRL", (lists / name).read_bytes()) for name in vector.get("CRLPath") or []],
    }


def main() -> None:
    vectors, certificates, lists = map(pathlib.Path, sys.argv[1:])
    asked = [one for one in json.loads(vectors.read_text()) if not asks_for_a_policy(one)]
    json.dump({"testcases": [case(one, certificates, lists) for one in asked]}, sys.stdout)


if __name__ == "__main__":
    main()
