# SPDX-License-Identifier: GPL-2.0-only
"""Results of unittest as the runner of the tests reads them."""

import unittest
from typing import Any, Optional


class Tap(unittest.TestResult):
    """TAP on stdout."""

    def __init__(self, total: int) -> None:
        super().__init__()
        print(f"TAP version 13\n1..{total}", flush=True)

    def line(self, verdict: str, test: unittest.TestCase, why: Optional[str] = None) -> None:
        for text in (why or "").splitlines():
            print("#", text)
        print(f"{verdict} {self.testsRun} - {test.id().partition('.')[2]}", flush=True)

    def addSuccess(self, test: unittest.TestCase) -> None:
        self.line("ok", test)

    def addError(self, test: unittest.TestCase, err: Any) -> None:
        super().addError(test, err)
        self.line("not ok", test, self.errors[-1][1])

    def addFailure(self, test: unittest.TestCase, err: Any) -> None:
        super().addFailure(test, err)
        self.line("not ok", test, self.failures[-1][1])
