#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make JSON of what ntimp-fuzz prints.

Usage: report.py <OUTPUT

One object: seed, seconds, threads, calls by kind and outcome, results, and how many of
these passed and failed; what was not printed, because the guest ended, is null.
"""

import json
import re
import sys

NUMBERS = {
    "seed": r"^# seed (\d+)$",
    "seconds": r"^# (\d+) seconds$",
    "threads": r"^# (\d+) threads,",
    "calls": r"^# (\d+) calls,",
    "checks": r"^# \d+ calls, (\d+) checks,",
}
ROW = re.compile(r"^# (\S+) +(mangled)? *(\d+):((?: \w+ \d+)+)$", re.M)
RESULT = re.compile(r"^(not )?ok (?:\d+ )?- (.*)$", re.M)


def report(text):
    made = {name: int(found[1]) if (found := re.search(pattern, text, re.M)) else None
            for name, pattern in NUMBERS.items()}
    made["kinds"] = [
        {"kind": kind, "mangled": bool(mangled), "calls": int(calls),
         "outcomes": {name: int(count) for name, count in re.findall(r"(\w+) (\d+)", outcomes)}}
        for kind, mangled, calls, outcomes in ROW.findall(text)]
    made["results"] = [{"good": not bad, "what": what} for bad, what in RESULT.findall(text)]
    made["passed"] = sum(result["good"] for result in made["results"])
    made["failed"] = len(made["results"]) - made["passed"]
    return made


if __name__ == "__main__":
    json.dump(report(sys.stdin.read()), sys.stdout, indent=1)
    print()
