# SPDX-License-Identifier: GPL-2.0-only
"""The Python binding in a guest: root, the module loaded, TAP on stdout."""

import sys
import unittest

import contexts
import wearing
from tap import Tap


def main() -> int:
    suite = unittest.TestSuite(unittest.defaultTestLoader.loadTestsFromModule(module)
                               for module in (wearing, contexts))
    result = Tap(suite.countTestCases())
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
