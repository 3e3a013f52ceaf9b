# SPDX-License-Identifier: GPL-2.0
"""What all commands of the checkout have in common: --version.

Imported by those in Python; `env.sh' has the same for the others.
"""

import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))


def add_version(parser):
    """Let a parser know --version; everything has the version of the module."""
    with open(os.path.join(TOP, "ntimp/main.c"), encoding="utf-8") as file:
        number = re.search(r'^MODULE_VERSION\("(.*)"\);$', file.read(), re.M)[1]
    parser.add_argument("-V", "--version", action="version", version=f"%(prog)s (ntimp) {number}",
                        help="print the version")
