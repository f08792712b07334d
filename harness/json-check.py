#!/usr/bin/env python3
"""json-check.py FILE: specs.json and every json/NAME, form feeds in between"""
import json
import sys

TEXT = {
    "long_desc": 'quote " backslash \\ newline\ntab\tbell\a delete\x7f',
    "examples": "escape \x1b[31m, C1 \x9b, UTF-8 \u00e9\u20ac\U0001f427",
    "notes": "no UTF-8: \ufffd \ufffd( \ufffd\ufffd \ufffd\ufffd\ufffd \ufffd",
}


def check(name, good):
    print(f"ok json.{name}" if good else f"not ok json.{name} - see build/json")


# Strict: decoding fails for bytes that are no UTF-8, parsing for bare controls.
documents = [json.loads(part, strict=True)
             for part in open(sys.argv[1], "rb").read().decode("utf-8").split("\f")]
check("parses", True)
check("version", all(d["version"] == 2 for d in documents))

specs = {s["name"]: s for s in documents[0]["specs"]}
single = {s["name"]: s for d in documents[1:] for s in d["specs"]}
check("one-document-a-spec", len(documents) == len(specs) + 1)
check("single-and-all-agree", specs == single and len(specs) >= 3)

spec = specs["kapi_mod_strings"]
for key, text in TEXT.items():
    check(f"strings.{key}", spec[key] == text)

spec = specs["sys_munlockall"]
check("munlockall.errors", [e["name"] for e in spec["errors"]] == ["EINTR"])
check("munlockall.return", spec["returns"]["success_value"] == 0)
check("munlockall.reasons", all(e["reasons"] for e in spec["errors"]))
check("munlockall.effects", len(spec["side_effects"]) > 0)
check("munlockall.conditions", all(c["condition"]["text"] for c in spec["ensures"]))
check("munlockall.context", spec["context"] == ["process", "sleepable"])
check("munlockall.lock", "mmap_lock" in [lock["name"] for lock in spec["locks"]])
