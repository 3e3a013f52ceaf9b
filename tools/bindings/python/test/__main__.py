# SPDX-License-Identifier: GPL-2.0-only
"""The Python binding in a guest: root, the module loaded, TAP on stdout.

With --names MAP alone, on any machine: the functions bound are those of the library.
"""

import errno
import os
import re
import signal
import socket
import sys
import tempfile
import threading
import unittest
from typing import Any, Callable, Generator, List, Optional

import ntimp
from ntimp import InfoFlags, Level, Qos, QosFlags, Source, Tracking, _context, _identity, _library

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


class Impersonate(Case):
    def test_with(self) -> None:
        with self.ctx.impersonate():
            self.is_client()
            os.close(os.open(self.client_file, os.O_RDWR))
            self.fails(errno.EACCES, os.open, self.server_file, os.O_RDONLY)
        self.is_server()

    def test_class_of_the_exception(self) -> None:
        with self.ctx.impersonate():
            with self.assertRaises(PermissionError):
                open(self.server_file)

    def test_ends_with_an_exception(self) -> None:
        with self.assertRaises(ZeroDivisionError):
            with self.ctx.impersonate():
                self.is_client()
                print(1 // 0)
        self.is_server()

    def test_ends_with_return(self) -> None:
        def inside() -> int:
            with self.ctx.impersonate():
                return os.geteuid()
        self.assertEqual(CLIENT, inside())
        self.is_server()

    def test_again_and_again(self) -> None:
        impersonation = self.ctx.impersonate()
        for _ in range(3):
            with impersonation:
                self.is_client()
            self.is_server()
        self.assertEqual(3, self.ctx.query().uses)

    def test_not_nested(self) -> None:
        other = ntimp.capture_ids(1002, 1002)
        with self.ctx.impersonate():
            self.fails(errno.EBUSY, other.impersonate().__enter__)
            self.is_client()
        with self.ctx.impersonate() as nothing:
            self.assertIsNone(nothing)
        self.is_server()

    def test_one_object_twice(self) -> None:
        impersonation = self.ctx.impersonate()
        with impersonation:
            self.fails(errno.EBUSY, impersonation.__enter__)
            self.is_client()
        self.is_server()

    def test_in_another_thread(self) -> None:
        seen: List[int] = []

        def work() -> None:
            with self.ctx.impersonate():
                seen.append(os.geteuid())
            seen.append(os.geteuid())
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        self.assertEqual([CLIENT, 0], seen)

    def test_not_within_begin(self) -> None:
        self.ctx.begin()
        self.fails(errno.EBUSY, self.ctx.impersonate().__enter__)
        self.is_client()
        ntimp.revert()

    def test_refused(self) -> None:
        self.ctx.revoke()
        self.fails(errno.EKEYREVOKED, self.ctx.impersonate().__enter__)
        self.is_server()

    def test_run(self) -> None:
        self.assertEqual(CLIENT, self.ctx.run(os.geteuid))
        self.assertEqual(7, self.ctx.run(int, "0111", base=2))
        self.is_server()

    def test_only_this_thread(self) -> None:
        seen: List[int] = []
        with self.ctx.impersonate():
            thread = threading.Thread(target=lambda: seen.append(os.geteuid()))
            thread.start()
            thread.join()
        self.assertEqual([0], seen)

    def test_begin_and_revert(self) -> None:
        self.ctx.begin()
        self.is_client()
        ntimp.revert()
        self.is_server()
        ntimp.revert()

    def test_downgraded(self) -> None:
        self.assertEqual(Level.IMPERSONATION, self.ctx.begin_downgraded())
        ntimp.revert()
        low = self.ctx.duplicate(Qos(level=Level.IDENTIFICATION))
        self.assertEqual(Level.IDENTIFICATION, low.begin_downgraded())
        self.fails(errno.EACCES, os.open, "/", os.O_RDONLY)
        ntimp.revert()

    def test_generator_ended_by_another_thread(self) -> None:
        def client_inside() -> Generator[None, None, None]:
            with self.ctx.impersonate():
                yield
        generator = client_inside()
        begun, ended = threading.Event(), threading.Event()
        seen: List[int] = []

        def begin() -> None:
            next(generator)
            begun.set()
            ended.wait()
            seen.append(os.geteuid())

        thread = threading.Thread(target=begin)
        thread.start()
        begun.wait()
        with self.assertRaises(RuntimeError):
            generator.close()
        ended.set()
        thread.join()
        self.assertEqual([0], seen)

    def test_interrupts_do_not_leave_the_client(self) -> None:
        class Interrupt(Exception):
            pass

        def interrupt(*_: Any) -> None:
            raise Interrupt

        before = signal.signal(signal.SIGALRM, interrupt)
        interrupted = 0
        try:
            # Whatever the moment in which it comes.
            for microseconds in range(1, 400, 3):
                try:
                    signal.setitimer(signal.ITIMER_REAL, microseconds / 1e6)
                    while True:
                        with self.ctx.impersonate():
                            pass
                except Interrupt:
                    interrupted += 1
                self.assertIsNone(ntimp.query_thread())
                self.is_server()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
        self.assertEqual(133, interrupted)


class OtherThread(Case):
    def test_begin_and_revert(self) -> None:
        go, told, ready = threading.Semaphore(0), threading.Semaphore(0), threading.Event()
        seen: List[int] = []
        tids: List[int] = []

        def work() -> None:
            tids.append(threading.get_native_id())
            ready.set()
            for _ in range(2):
                go.acquire()
                seen.append(os.geteuid())
                told.release()

        thread = threading.Thread(target=work)
        thread.start()
        ready.wait()
        self.ctx.begin_thread(tids[0])
        worn = ntimp.query_thread(tids[0])
        go.release()
        told.acquire()
        self.assertEqual(tids, self.ctx.wearers())
        ntimp.revert_thread(tids[0])
        go.release()
        thread.join()
        self.assertEqual([CLIENT, 0], seen)
        self.assertEqual((tids[0], CLIENT), worn and (worn.tid, worn.uid))
        self.assertEqual([], self.ctx.wearers())

    def test_errors(self) -> None:
        self.fails(errno.EINVAL, self.ctx.begin_thread, 0)
        self.fails(errno.ESRCH, self.ctx.begin_thread, 2**31 - 1)
        self.fails(errno.EPERM, self.ctx.begin_thread, 1)
        self.fails(errno.ESRCH, ntimp.revert_thread, 2**31 - 1)
        with self.assertRaises(OverflowError):
            self.ctx.begin_thread((1 << 32) + threading.get_native_id())


class Capture(Case):
    def source(self, ctx: ntimp.Context, source: Source, uid: int = 0) -> None:
        with ctx:
            info = ctx.query()
        self.assertEqual((source, uid), (info.source, info.uid))
        self.assertTrue(ctx.closed)

    def test_self(self) -> None:
        self.source(ntimp.capture_self(), Source.SELF)

    def test_thread(self) -> None:
        self.source(ntimp.capture_thread(threading.get_native_id()), Source.THREAD)
        self.fails(errno.ESRCH, ntimp.capture_thread, 2**31 - 1)
        self.fails(errno.EINVAL, ntimp.capture_thread, 0)

    def test_pidfd(self) -> None:
        pidfd = os.pidfd_open(os.getpid())
        self.source(ntimp.capture_pidfd(pidfd), Source.THREAD)
        os.close(pidfd)
        self.fails(errno.EBADF, ntimp.capture_pidfd, pidfd)

    def test_peer(self) -> None:
        left, right = socket.socketpair()
        with left, right:
            self.source(ntimp.capture_peer(left), Source.PEER)
            self.source(ntimp.capture_peer(left.fileno()), Source.PEER)
        with socket.socket() as inet:
            self.fails(errno.EOPNOTSUPP, ntimp.capture_peer, inet)

    def test_ids(self) -> None:
        ctx = ntimp.capture_ids(CLIENT, 1002, [20, 10])
        info = ctx.query()
        self.assertEqual((CLIENT, 1002, (10, 20)), (info.fsuid, info.fsgid, info.groups))
        self.assertEqual((0, 0), (info.cap_permitted, info.cap_effective))
        for ids in ((-1, 0), (0, 1 << 32), (1 << 32, 0), (0, 0, [1 << 32])):
            with self.assertRaises(OverflowError):
                ntimp.capture_ids(*ids)  # type: ignore[arg-type]
        self.fails(errno.EINVAL, ntimp.capture_ids, 2**32 - 1, 0)

    def test_user(self) -> None:
        ctx = ntimp.capture_user("alice")
        self.assertEqual((1001, (1001, 2000)), (ctx.query().uid, ctx.query().groups))
        self.fails(errno.ENOENT, ntimp.capture_user, "nonsense")
        with self.assertRaises(ValueError):
            ntimp.capture_user("alice\0")

    def test_anonymous(self) -> None:
        self.source(ntimp.capture_anonymous(), Source.ANONYMOUS, 65534)

    def test_duplicate(self) -> None:
        low = self.ctx.duplicate(Qos(level=Level.IDENTIFICATION, effective_only=True))
        self.assertEqual(Qos(level=Level.IDENTIFICATION, effective_only=True), low.query().qos)
        self.fails(errno.EPERM, low.duplicate)

    def test_every_quality(self) -> None:
        qos = Qos(Level.DELEGATION, Tracking.DYNAMIC, True, QosFlags.DISPATCH)
        ctx = ntimp.capture_thread(threading.get_native_id(), qos)
        self.assertEqual(qos, ctx.query().qos)
        ctx.update()
        self.fails(errno.EINVAL, self.ctx.update)


class Query(Case):
    def test_who(self) -> None:
        info = self.ctx.query()
        self.assertEqual([CLIENT] * 8, [info.uid, info.euid, info.suid, info.fsuid,
                                        info.gid, info.egid, info.sgid, info.fsgid])
        self.assertEqual((InfoFlags.NONE, None, 0, None, Qos()),
                         (info.flags, info.tid, info.uses, info.lifetime_ns, info.qos))

    def test_more_groups_than_room(self) -> None:
        groups = tuple(range(3000, 3100))
        self.assertEqual(groups, ntimp.capture_ids(1, 1, groups).query().groups)

    def test_thread(self) -> None:
        self.assertIsNone(ntimp.query_thread())
        with self.ctx.impersonate():
            worn = ntimp.query_thread()
            self.assertEqual([threading.get_native_id()], self.ctx.wearers())
        assert worn
        self.assertEqual((InfoFlags.IMPERSONATING, self.ctx.query().id, CLIENT),
                         (worn.flags, worn.id, worn.uid))
        self.fails(errno.ESRCH, ntimp.query_thread, 2**31 - 1)

    def test_many_wearers(self) -> None:
        go, ready = threading.Event(), threading.Barrier(41)

        def wear() -> None:
            with self.ctx.impersonate():
                ready.wait()
                go.wait()
        threads = [threading.Thread(target=wear) for _ in range(40)]
        for thread in threads:
            thread.start()
        ready.wait()
        self.assertEqual(sorted(thread.native_id or 0 for thread in threads),
                         sorted(self.ctx.wearers()))
        go.set()
        for thread in threads:
            thread.join()


class End(Case):
    def test_revoke(self) -> None:
        copy = self.ctx.duplicate()
        copy.revoke()
        self.assertEqual(InfoFlags.REVOKED, self.ctx.query().flags)

    def test_revoke_and_deny(self) -> None:
        with self.ctx.impersonate():
            self.ctx.revoke(deny=True)
            self.fails(errno.EACCES, os.open, self.client_file, os.O_RDONLY)

    def test_expire(self) -> None:
        self.ctx.expire(10**12)
        left = self.ctx.query().lifetime_ns
        assert left is not None
        self.assertTrue(0 < left <= 10**12)
        self.ctx.expire(0)
        self.assertEqual(InfoFlags.EXPIRED, self.ctx.query().flags)
        self.fails(errno.EKEYEXPIRED, self.ctx.begin)
        for lifetime in (-1, 1 << 64):
            with self.assertRaises(OverflowError):
                self.ctx.expire(lifetime)


class Descriptor(Case):
    def test_closed(self) -> None:
        self.ctx.close()
        self.ctx.close()
        self.assertTrue(self.ctx.closed)
        with self.assertRaises(ValueError):
            self.ctx.begin()
        with self.assertRaises(ValueError):
            self.ctx.impersonate().__enter__()

    def test_detached(self) -> None:
        fd = self.ctx.detach()
        self.assertTrue(self.ctx.closed)
        self.assertFalse(os.get_inheritable(fd))
        self.assertEqual(CLIENT, ntimp.Context(fd).query().uid)

    def test_collected(self) -> None:
        ctx = ntimp.capture_self()
        fd = ctx.fileno()
        del ctx
        self.fails(errno.EBADF, os.fstat, fd)

    def test_none(self) -> None:
        with open("/dev/null") as null:
            self.fails(errno.ENOTTY, ntimp.Context(os.dup(null.fileno())).query)
        self.fails(errno.EBADF, ntimp.Context(999).begin)


class Files(Case):
    def test_open(self) -> None:
        with self.ctx.open(self.client_file, "w") as file:
            file.write("text")
            self.assertFalse(os.get_inheritable(file.fileno()))
        with self.ctx.open(os.fsencode(self.client_file), "rb") as file:
            self.assertEqual(b"text", file.read())
        self.fails(errno.EACCES, self.ctx.open, self.server_file)
        self.is_server()

    def test_openat(self) -> None:
        dir_fd = os.open(self.dir, os.O_RDONLY)
        os.close(self.ctx.openat("new", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640, dir_fd=dir_fd))
        made = os.stat("new", dir_fd=dir_fd)
        self.assertEqual((CLIENT, 0o100640), (made.st_uid, made.st_mode))
        self.fails(errno.EACCES, self.ctx.openat, "server", os.O_RDONLY, dir_fd=dir_fd)
        with self.assertRaises(ValueError):
            self.ctx.openat("new\0", os.O_RDONLY)
        os.close(dir_fd)

    def test_access(self) -> None:
        self.assertTrue(self.ctx.access(self.client_file, os.R_OK | os.W_OK))
        self.assertFalse(self.ctx.access(self.server_file, os.R_OK))
        self.assertFalse(self.ctx.access(self.server_file + "x", os.F_OK))
        os.symlink("nowhere", os.path.join(self.dir, "link"))
        self.assertFalse(self.ctx.access(os.path.join(self.dir, "link"), os.F_OK))
        self.assertTrue(self.ctx.access(os.path.join(self.dir, "link"), os.F_OK,
                                        follow_symlinks=False))
        self.fails(errno.EINVAL, self.ctx.access, self.client_file, 64)

    def test_names(self) -> None:
        one, two = os.path.join(self.dir, "one"), os.path.join(self.dir, "two")
        self.ctx.mkdir(one, 0o711)
        self.assertEqual((CLIENT, 0o40711), (os.stat(one).st_uid, os.stat(one).st_mode))
        self.ctx.rename(one, two)
        self.ctx.rmdir(two)
        self.ctx.chmod(self.client_file, 0o400)
        self.assertEqual(0o100400, os.stat(self.client_file).st_mode)
        self.ctx.unlink(self.client_file)
        self.assertEqual(["server"], os.listdir(self.dir))
        self.fails(errno.EPERM, self.ctx.chmod, self.server_file, 0o666)
        os.chmod(self.dir, 0o755)
        self.fails(errno.EACCES, self.ctx.unlink, self.server_file)
        self.fails(errno.EACCES, self.ctx.rmdir, self.server_file)
        self.fails(errno.EACCES, self.ctx.mkdir, one)
        self.fails(errno.EACCES, self.ctx.rename, self.server_file, one)


class Other(Case):
    def test_uring(self) -> None:
        with open(self.server_file) as file:
            self.fails(errno.EOPNOTSUPP, self.ctx.uring_personality, file)
        self.fails(errno.EBADF, self.ctx.uring_personality, 999)

    def test_without_the_library(self) -> None:
        found, _library._found = _library._found, {}
        soname, _library.SONAME = _library.SONAME, "libnonsense.so.0"
        try:
            with self.assertRaises(OSError):
                ntimp.capture_self()
        finally:
            _library._found, _library.SONAME = found, soname

    def test_older_library(self) -> None:
        _library.SIGNATURES["ntimp_nonsense"] = ()
        self.fails(errno.ENOSYS, _library.call, "ntimp_nonsense")


class Tap(unittest.TestResult):
    """Results as the runner of the tests reads them."""

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


def compare(what: str, left: object, right: object) -> bool:
    if left != right:
        print(f"{what}: {left} here, {right} there", file=sys.stderr)
    return left == right


def check_names(map_path: str, header_path: str) -> bool:
    """The functions and constants are those of the library and the interface."""
    with open(map_path, encoding="utf-8") as file:
        exported = set(re.findall(r"^\s+(ntimp_\w+);", file.read(), re.M))
    good = compare("functions", set(_library.SIGNATURES) | _library.NOT_BOUND, exported)
    with open(header_path, encoding="utf-8") as file:
        header = re.sub(r"/\*.*?\*/", "", file.read(), flags=re.S)
    for prefix, kind in (("LEVEL", Level), ("TRACKING", Tracking), ("SOURCE", Source)):
        there = {name: int(value) for name, value in
                 re.findall(rf"\bNTIMP_{prefix}_(\w+)\s*=\s*(\d+)", header)}
        good &= compare(prefix, {name: int(value) for name, value in kind.__members__.items()}, there)
    for prefix, flags in (("QOS", QosFlags), ("INFO", _identity.InfoFlags)):
        there = {name: 1 << int(bit) for name, bit in
                 re.findall(rf"^#define NTIMP_{prefix}_(\w+)\s+\(1U << (\d+)\)", header, re.M)}
        here = {name: int(value) for name, value in flags.__members__.items() if name != "NONE"}
        good &= compare(prefix, here, there)
    members = re.findall(r"^\s+(?:__\w+|struct \w+)\s+(\w+);",
                         header.split("struct ntimp_info {")[1].split("}")[0], re.M)
    good &= compare("ntimp_info", [field[0] for field in _library.InfoStruct._fields_], members)
    deny = re.search(r"NTIMP_REVOKE_DENY\s+\(1U << (\d+)\)", header)
    return good & compare("REVOKE_DENY", _context.REVOKE_DENY, deny and 1 << int(deny[1]))


def main() -> int:
    if sys.argv[1:2] == ["--names"]:
        return 0 if check_names(*sys.argv[2:]) else 1
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])
    result = Tap(suite.countTestCases())
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
