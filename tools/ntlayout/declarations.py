# SPDX-License-Identifier: GPL-2.0
"""What C headers declare, by the preprocessor's output (gcc -E -dD).

Only as much of C as NT's headers are written in.
"""

import re
from dataclasses import dataclass, field

MARKER = re.compile(r'# \d+ "([^"]*)"')
DEFINE = re.compile(r"#define (\w+)(\(.*?\))?(?: (.*))?$")
UNDEF = re.compile(r"#undef (\w+)")
TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\w+|[^\s\w]')
ATTRIBUTE = re.compile(r"__attribute__|__extension__")


@dataclass
class Declarations:
    """What the chosen files declare, in their order."""
    macros: dict = field(default_factory=dict)      # name -> its text; "" for nothing
    calls: set = field(default_factory=set)         # macros with arguments
    enumerators: list = field(default_factory=list)
    types: list = field(default_factory=list)       # names of typedefs
    members: list = field(default_factory=list)     # (type, designator)
    functions: dict = field(default_factory=dict)   # name -> its type, with * for the name
    variables: dict = field(default_factory=dict)   # name -> likewise


def text_of(preprocessed, chosen):
    """Macros of the files for which chosen(name) holds, and their other lines."""
    macros, calls, lines, inside = {}, set(), [], False
    for line in preprocessed.splitlines():
        if marker := MARKER.match(line):
            inside = chosen(marker[1])
        elif not inside:
            continue
        elif define := DEFINE.match(line):
            macros[define[1]] = (define[3] or "").strip()
            if define[2]:
                calls.add(define[1])
        elif undef := UNDEF.match(line):
            macros.pop(undef[1], None)
        elif not line.startswith("#"):
            lines.append(line)
    return macros, calls, "\n".join(lines)


def closing(tokens, at):
    """Where the bracket closes that opens at a place."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += (tokens[place] in "([{") - (tokens[place] in ")]}")
        if not depth:
            return place
    raise ValueError(f"unbalanced: {' '.join(tokens[at:at + 20])}")


def without_attributes(tokens):
    kept, at = [], 0
    while at < len(tokens):
        if not ATTRIBUTE.fullmatch(tokens[at]):
            kept.append(tokens[at])
            at += 1
        elif tokens[at] == "__extension__":
            at += 1
        else:
            at = closing(tokens, at + 1) + 1
    return kept


def split(tokens, separator):
    """Parts between separators that are inside no brackets."""
    parts, depth = [[]], 0
    for token in tokens:
        depth += (token in "([{") - (token in ")]}")
        if token == separator and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return [part for part in parts if part]


def statements(tokens):
    """Declarations, and definitions of functions without the body."""
    start = at = 0
    while at < len(tokens):
        if tokens[at] == ";":
            yield tokens[start:at]
            start = at + 1
        elif tokens[at] in "([":
            at = closing(tokens, at)
        elif tokens[at] == "{":
            is_body = tokens[at - 1] == ")"
            at = closing(tokens, at)
            if is_body:
                yield tokens[start:tokens.index("{", start)]
                start = at + 1
        at += 1


def is_name(token):
    return re.fullmatch(r"[A-Za-z_]\w*", token) is not None


def last_name(tokens):
    """What a type and a declarator declare: the last name outside brackets."""
    end = next((at for at, token in enumerate(tokens) if token in "(["), len(tokens))
    return [token for token in tokens[:end] if is_name(token)][-1]


def names_of(tokens):
    """What a type and its declarators declare."""
    return [last_name(part) for part in split(tokens, ",")]


def aggregate(tokens):
    """(kind, body, what follows) if the tokens are of a struct, union or enum with a body."""
    for at, token in enumerate(tokens[:4]):
        if token in ("struct", "union", "enum") and "{" in tokens[at:at + 3]:
            opening = tokens.index("{", at)
            end = closing(tokens, opening)
            return token, tokens[opening + 1:end], tokens[end + 1:]
    return None


def members(body, prefix=""):
    """Designators of all members, those of members inside too."""
    for statement in split(body, ";"):
        if not (inner := aggregate(statement)):
            yield from (prefix + name for name in names_of(statement))
            continue
        _, inner_body, declarators = inner
        if not declarators:
            yield from members(inner_body, prefix)
        for name in names_of(declarators):
            yield prefix + name
            yield from members(inner_body, f"{prefix}{name}.")


def read_typedef(tokens, found):
    if not (inner := aggregate(tokens)):
        found.types += names_of(tokens)
        return
    kind, body, declarators = inner
    names = names_of(declarators)
    found.types += names
    if kind == "enum":
        found.enumerators += [part[0] for part in split(body, ",")]
    else:
        # The first is the struct itself, the others are pointers to it.
        found.members += [(names[0], designator) for designator in members(body)]


def read_other(tokens, found):
    """A function or a variable; a struct that is only announced is neither."""
    tokens = [token for token in tokens if token not in ("static", "inline", "extern")]
    if "(" in tokens:
        opening = tokens.index("(")
        found.functions[tokens[opening - 1]] = " ".join(
            [*tokens[:opening - 1], "(*)", *tokens[opening:]])
    elif tokens and tokens[0] not in ("struct", "union", "enum"):
        found.variables[tokens[-1]] = " ".join([*tokens[:-1], "*"])


def read(preprocessed, chosen):
    found = Declarations()
    found.macros, found.calls, text = text_of(preprocessed, chosen)
    for statement in statements(without_attributes(TOKEN.findall(text))):
        if statement[:1] == ["typedef"]:
            read_typedef(statement[1:], found)
        else:
            read_other(statement, found)
    return found
