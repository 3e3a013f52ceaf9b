# SPDX-License-Identifier: GPL-2.0-only
"""How contexts are made, looked at and ended, and what is done by them."""

import errno
import os
import socket
import threading

import ntimp
from case import CLIENT, Case
from ntimp import InfoFlags, Level, Qos, QosFlags, Source, Tracking, _library


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

    def test_explain(self) -> None:
        self.assertEqual((ntimp.Pass.RIGHT, ntimp.Reason.NONE), self.ctx.explain())
        self.ctx.revoke()
        self.assertEqual((ntimp.Pass.REFUSED, ntimp.Reason.ENDED), self.ctx.explain())

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
