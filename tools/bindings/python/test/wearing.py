# SPDX-License-Identifier: GPL-2.0-only
"""Acting as a client, and being oneself again."""

import errno
import os
import signal
import threading
from typing import Any, Generator, List

import ntimp
from case import CLIENT, Case
from ntimp import Level, Qos


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
