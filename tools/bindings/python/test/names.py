# SPDX-License-Identifier: GPL-2.0-only
"""The functions and constants that are bound are those of the library and the interface.

Usage: names.py MAP HEADER

Prints each difference; exit status 1 if there is one.
"""

import re
import sys

from ntimp import InfoFlags, Level, Pass, QosFlags, Reason, Source, Tracking, _context, _library


def compare(what: str, left: object, right: object) -> bool:
    if left != right:
        print(f"{what}: {left} here, {right} there", file=sys.stderr)
    return left == right


def is_complete(map_path: str, header_path: str) -> bool:
    with open(map_path, encoding="utf-8") as file:
        exported = set(re.findall(r"^\s+(ntimp_\w+);", file.read(), re.M))
    good = compare("functions", set(_library.SIGNATURES) | _library.NOT_BOUND, exported)
    with open(header_path, encoding="utf-8") as file:
        header = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    for prefix, kind in (("LEVEL", Level), ("TRACKING", Tracking), ("SOURCE", Source),
                         ("REASON", Reason), ("EXPLAIN", Pass)):
        there = {name: int(value) for name, value in
                 re.findall(rf"\bNTIMP_{prefix}_(\w+)\s*=\s*(\d+)", header)}
        good &= compare(prefix, {name: int(value) for name, value in kind.__members__.items()}, there)
    for prefix, flags in (("QOS", QosFlags), ("INFO", InfoFlags)):
        there = {name: 1 << int(bit) for name, bit in
                 re.findall(rf"^#define NTIMP_{prefix}_(\w+)\s+\(1U << (\d+)\)", header, re.M)}
        here = {name: int(value) for name, value in flags.__members__.items() if name != "NONE"}
        good &= compare(prefix, here, there)
    members = re.findall(r"^\s+(?:__\w+|struct \w+)\s+(\w+);",
                         header.split("struct ntimp_info {")[1].split("}")[0], re.M)
    good &= compare("ntimp_info", [field[0] for field in _library.InfoStruct._fields_], members)
    deny = re.search(r"NTIMP_REVOKE_DENY\s+\(1U << (\d+)\)", header)
    return good & compare("REVOKE_DENY", _context.REVOKE_DENY, deny and 1 << int(deny[1]))


if __name__ == "__main__":
    sys.exit(0 if is_complete(*sys.argv[1:]) else 1)
