# SPDX-License-Identifier: GPL-2.0-only
"""What the tests use: the words of each test, its helpers' included.

For check, beside it.  Knows as much of C as the style of the tests asks for:
what begins in the first column is at the outermost level.
"""

import collections
import glob
import os
import re

# What a test uses of its own file, and with the helpers of its folder.
Test = collections.namedtuple("Test", "here everywhere")


def read(path):
    with open(path, encoding="utf-8") as text:
        return text.read()


def without_comments(code):
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", code, flags=re.S)


class Block:
    """A function, table, macro or other thing at the outermost level of a file."""

    def __init__(self, text):
        self.text = text
        self.words = set(re.findall(r"\w+", text))
        self.static = text.startswith("static ")
        self.name = self.kind = self.fixture = self.part = None
        macro = re.match(r"(TEST_F|FIXTURE_\w+|KUNIT_ARRAY_PARAM|ROWS)\((\w+)(?:,\s*(\w+))?", text)
        if macro and macro[1] in ("KUNIT_ARRAY_PARAM", "ROWS"):
            self.name = macro[2] + "_gen_params"
            self.words.add(macro[2] + "_rows")
        elif macro:
            self.kind, self.fixture, self.part = macro.groups()
        # A declaration says nothing of what is done.
        elif text.startswith("#define") or "{" in text or "=" in text:
            named = re.match(r"#define\s+(\w+)", text) or \
                re.match(r"[^({=]*?\b(\w+)\s*(?:\[[^]]*\]\s*)*[({=]", text)
            self.name = named[1] if named else None
        # The library's own checks are functions that call each other.
        if "OK" in self.words and not text.startswith("#"):
            self.kind = "OK"

    def become_variant(self, fixtures):
        """If it is written by a macro that stands for FIXTURE_VARIANT_ADD()."""
        macro = re.match(r"(\w+)\((\w+)", self.text)
        if macro and macro[1] in fixtures:
            self.kind, self.fixture, self.part = \
                "FIXTURE_VARIANT_ADD", fixtures[macro[1]], macro[2]


def is_whole(text, following):
    """Whether a line ends what began at the outermost level."""
    if text.startswith("#"):
        return not text.endswith("\\")
    bare = re.sub(r'"(\\.|[^"\\])*"', "", text)
    if bare.count("{") != bare.count("}"):
        return False
    # A macro that stands for a whole function ends without a mark.
    return text[-1] in ";}" or (text[-1] == ")" and not re.match(r"[{\s]", following))


def blocks_alone(path):
    lines = [line for line in without_comments(read(path)).splitlines() if line.strip()]
    blocks, begun = [], []
    for line, following in zip(lines, lines[1:] + [" "]):
        begun.append(line)
        if is_whole("\n".join(begun), following):
            blocks.append(Block("\n".join(begun)))
            begun = []
    return blocks


def variant_macros(blocks):
    """Names of macros that add a variant, and to which fixture."""
    fixtures = {}
    for block in blocks:
        if not block.text.startswith("#define"):
            continue
        direct = re.search(r"\bFIXTURE_VARIANT_ADD\((\w+)", block.text)
        others = block.words & fixtures.keys()
        if direct:
            fixtures[block.name] = direct[1]
        elif others:
            fixtures[block.name] = fixtures[others.pop()]
    return fixtures


def blocks_of(path):
    """Those of the headers beside it, which may have tests, and its own."""
    blocks = []
    for header in re.findall(r'^#include "(\w+\.h)"$', read(path), re.M):
        beside = os.path.join(os.path.dirname(path), header)
        if os.path.exists(beside):
            blocks += blocks_alone(beside)
    blocks += blocks_alone(path)
    fixtures = variant_macros(blocks)
    for block in blocks:
        block.become_variant(fixtures)
    return blocks


def reached(start, named):
    """All words of the blocks that are used, and of those that they use."""
    words, pending, seen = set(), list(start), set()
    while pending:
        block = pending.pop()
        if id(block) in seen:
            continue
        seen.add(id(block))
        words |= block.words
        for word in block.words & named.keys():
            pending += named[word]
    return words


def by_name(blocks):
    named = {}
    for block in blocks:
        if block.name:
            named.setdefault(block.name, []).append(block)
    return named


def starts_of(blocks):
    """The tests of a file, each as the blocks that it begins with."""
    named = by_name(blocks)
    for block in blocks:
        if block.kind == "TEST_F":
            yield [block] + [variant for variant in blocks
                             if variant.kind == "FIXTURE_VARIANT_ADD" and
                             variant.fixture == block.fixture]
        for case in re.finditer(r"\bKUNIT_CASE\w*\((\w+)(?:,\s*(\w+))?", block.text):
            yield named.get(case[1], []) + named.get(case[2], [])
        if block.kind == "OK":
            yield [block]


def tests_in(folder):
    files = [blocks_of(path) for path in sorted(glob.glob(f"{folder}/*.c*"))]
    helpers = by_name(block for blocks in files for block in blocks
                      if not block.kind and not block.static)
    for blocks in files:
        own = by_name(block for block in blocks if not block.kind)
        for start in starts_of(blocks):
            yield Test(reached(start, own), reached(start, helpers | own))


def all_tests(top):
    return [test for folder in ("tools/selftests", "tools/lib/check", "kunit")
            for test in tests_in(f"{top}/{folder}")]


def test_names(top):
    names = set()
    for path in glob.glob(f"{top}/tools/selftests/*.c"):
        file = os.path.basename(path)[:-2]
        names |= {name for block in blocks_of(path)
                  if block.kind in ("TEST_F", "FIXTURE_VARIANT_ADD")
                  for name in (file, f"{file}.{block.part}")}
    for path in glob.glob(f"{top}/kunit/*.c"):
        names |= {f"{os.path.basename(path)[:-2]}:{case}"
                  for case in re.findall(r"\bKUNIT_CASE\w*\((\w+)", read(path))}
    return names
