# SPDX-License-Identifier: GPL-2.0-only
"""What the tests have in common."""

import errno
import os
import tempfile
import unittest
from typing import Any, Callable

import ntimp

CLIENT = 1001


class Case(unittest.TestCase):
    """With files of the server's and the client's, and a context."""

    def setUp(self) -> None:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.dir = scratch.name
        os.chmod(self.dir, 0o777)
        self.server_file = self.make("server", 0)
        self.client_file = self.make("client", CLIENT)
        self.ctx = ntimp.capture_ids(CLIENT, CLIENT)
        self.addCleanup(self.ctx.close)
        self.addCleanup(self.is_over)

    def is_over(self) -> None:
        left = ntimp.query_thread()
        ntimp.revert()
        self.assertIsNone(left)

    def make(self, name: str, owner: int) -> str:
        path = os.path.join(self.dir, name)
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        os.chown(path, owner, owner)
        return path

    def fails(self, number: int, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        with self.assertRaises(OSError) as caught:
            function(*args, **kwargs)
        self.assertEqual(errno.errorcode[number], errno.errorcode[caught.exception.errno or 0])

    def is_client(self, client: int = CLIENT) -> None:
        self.assertEqual((client, client), (os.geteuid(), os.getegid()))

    def is_server(self) -> None:
        self.assertEqual((0, 0), (os.geteuid(), os.getegid()))
