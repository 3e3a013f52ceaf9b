// SPDX-License-Identifier: GPL-2.0-only
//! The crate in a guest: root, the module loaded, TAP on stdout.

use std::ffi::CString;
use std::fs::{self, File};
use std::io;
use std::os::raw::c_char;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::io::{AsFd, AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::panic;
use std::sync::{mpsc, Arc, Barrier};
use std::thread;
use std::time::Duration;

use ntimp::{Context, Level, Qos, Source, Tracking};

const CLIENT: u32 = 1001;

const O_CREAT: i32 = 0o100;
const O_WRONLY: i32 = 1;
const EPERM: i32 = 1;
const ENOENT: i32 = 2;
const ESRCH: i32 = 3;
const EACCES: i32 = 13;
const EBUSY: i32 = 16;
const EINVAL: i32 = 22;
const ENOTSOCK: i32 = 88;
const EOPNOTSUPP: i32 = 95;
const EKEYEXPIRED: i32 = 127;
const EKEYREVOKED: i32 = 128;

extern "C" {
    fn chown(path: *const c_char, owner: u32, group: u32) -> i32;
    fn geteuid() -> u32;
    fn gettid() -> i32;
    fn getpid() -> i32;
    fn syscall(number: i64, ...) -> i64;
}
const SYS_PIDFD_OPEN: i64 = 434;

fn euid() -> u32 {
    // SAFETY: it has no arguments, and can't fail.
    unsafe { geteuid() }
}

fn tid() -> i32 {
    // SAFETY: as above.
    unsafe { gettid() }
}

fn errno<T>(result: io::Result<T>) -> i32 {
    result.err().and_then(|error| error.raw_os_error()).unwrap_or(0)
}

fn client() -> Context {
    Context::of_ids(CLIENT, CLIENT, &[], Qos::default()).unwrap()
}

struct Scratch(String);

impl Scratch {
    fn new(name: &str) -> Self {
        let dir = format!("/tmp/rust-{name}-{}", std::process::id());
        fs::create_dir(&dir).unwrap();
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o777)).unwrap();
        let scratch = Scratch(dir);
        scratch.make("server", 0);
        scratch.make("client", CLIENT);
        scratch
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.0)
    }

    fn make(&self, name: &str, owner: u32) {
        fs::write(self.path(name), "").unwrap();
        fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o600)).unwrap();
        let path = CString::new(self.path(name)).unwrap();
        // SAFETY: the path lives as long as the call.
        assert_eq!(0, unsafe { chown(path.as_ptr(), owner, owner) });
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

fn guard() {
    let scratch = Scratch::new("guard");
    let client = client();
    {
        let _as_client = client.impersonate().unwrap();
        assert_eq!(CLIENT, euid());
        File::open(scratch.path("client")).unwrap();
        assert_eq!(EACCES, errno(File::open(scratch.path("server"))));
        assert_eq!(EBUSY, errno(client.impersonate()));
        assert_eq!(CLIENT, euid());
        assert_eq!(0, thread::spawn(euid).join().unwrap());
    }
    assert_eq!(0, euid());
    File::open(scratch.path("server")).unwrap();
    assert_eq!(1, client.query().unwrap().uses);
}

fn guard_ends_with_a_question_mark() {
    let client = client();
    let inside = || -> io::Result<File> {
        let _as_client = client.impersonate()?;
        File::open("/etc/shadow")
    };
    assert_eq!(EACCES, errno(inside()));
    assert_eq!(0, euid());
}

fn guard_ends_with_a_panic() {
    let client = client();
    let result = panic::catch_unwind(|| {
        let _as_client = client.impersonate().unwrap();
        assert_eq!(0, euid(), "to be expected");
    });
    assert!(result.is_err());
    assert_eq!(0, euid());
}

fn run() {
    let client = client();
    assert_eq!(CLIENT, client.run(euid).unwrap());
    assert_eq!(0, euid());
    assert_eq!(EBUSY, client.run(|| errno(client.run(|| ()))).unwrap());
}

fn begin_and_revert() {
    let client = client();
    client.begin().unwrap();
    assert_eq!(CLIENT, euid());
    ntimp::revert().unwrap();
    assert_eq!(0, euid());
    let low = client.duplicate(Qos::at(Level::Identification)).unwrap();
    assert_eq!(Level::Identification, low.begin_downgraded().unwrap());
    assert_eq!(EACCES, errno(File::open("/")));
    ntimp::revert().unwrap();
    assert_eq!(EPERM, errno(low.duplicate(Qos::default())));
}

fn other_thread() {
    let client = client();
    let (tell, told) = mpsc::channel::<()>();
    let (send, receive) = mpsc::channel();
    let thread = thread::spawn(move || {
        send.send(tid()).unwrap();
        for () in told {
            send.send(euid() as i32).unwrap();
        }
    });
    let other = receive.recv().unwrap();
    client.begin_thread(other).unwrap();
    assert_eq!(vec![other], client.wearers().unwrap());
    tell.send(()).unwrap();
    assert_eq!(CLIENT as i32, receive.recv().unwrap());
    ntimp::revert_thread(other).unwrap();
    tell.send(()).unwrap();
    assert_eq!(0, receive.recv().unwrap());
    drop(tell);
    thread.join().unwrap();
    assert_eq!(EINVAL, errno(client.begin_thread(0)));
    assert_eq!(ESRCH, errno(ntimp::revert_thread(i32::MAX)));
}

fn a_context_for_many_threads() {
    let client = Arc::new(client());
    let ready = Arc::new(Barrier::new(41));
    let threads: Vec<_> = (0..40)
        .map(|_| {
            let (client, ready) = (client.clone(), ready.clone());
            thread::spawn(move || {
                let _as_client = client.impersonate().unwrap();
                ready.wait();
                ready.wait();
                tid()
            })
        })
        .collect();
    ready.wait();
    let mut wearers = client.wearers().unwrap();
    ready.wait();
    let mut tids: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
    wearers.sort_unstable();
    tids.sort_unstable();
    assert_eq!(tids, wearers);
    assert_eq!(
        ntimp::Explanation { allowed: true, reason: None },
        client.explain(0).unwrap()
    );
}

fn captures() {
    let usual = Qos::default();
    // SAFETY: a new descriptor, and numbers alone.
    let pidfd = unsafe { OwnedFd::from_raw_fd(syscall(SYS_PIDFD_OPEN, getpid(), 0) as i32) };
    let (left, _right) = UnixStream::pair().unwrap();
    let sources = [
        Context::of_self(usual),
        Context::of_thread(tid(), usual),
        Context::of_pidfd(&pidfd, usual),
        Context::of_peer(&left, usual),
        Context::of_ids(1, 1, &[], usual),
        Context::of_user("alice", usual),
        Context::anonymous(),
        Context::of_self(usual).unwrap().duplicate(usual),
    ]
    .map(|context| context.unwrap().query().unwrap().source);
    assert_eq!(
        [
            Source::Itself,
            Source::Thread,
            Source::Thread,
            Source::Peer,
            Source::Ids,
            Source::Ids,
            Source::Anonymous,
            Source::Context
        ],
        sources
    );
    assert_eq!(ENOTSOCK, errno(Context::of_peer(File::open("/").unwrap(), usual)));
    assert_eq!(ENOENT, errno(Context::of_user("nonsense", usual)));
    assert_eq!(EINVAL, errno(Context::of_ids(u32::MAX, 0, &[], usual)));
}

fn info() {
    let groups: Vec<u32> = (3000..3100).collect();
    let info = Context::of_ids(7, 8, &groups, Qos::default()).unwrap().query().unwrap();
    assert_eq!((7, 7, 8, 8), (info.uid.real, info.uid.fs, info.gid.effective, info.gid.saved));
    assert_eq!(groups, info.groups);
    assert_eq!((None, 0, None), (info.tid, info.uses, info.lifetime));
    let qos = Qos {
        level: Level::Delegation,
        tracking: Tracking::Dynamic,
        effective_only: true,
        consent: false,
        dispatch: true,
    };
    let context = Context::of_thread(tid(), qos).unwrap();
    assert_eq!(qos, context.query().unwrap().qos);
    context.update().unwrap();

    let client = client();
    assert_eq!(None, ntimp::query_thread(0).unwrap());
    let worn = client.run(|| ntimp::query_thread(tid())).unwrap().unwrap().unwrap();
    assert!(worn.impersonating && worn.tid == Some(tid()) && worn.uid.real == CLIENT);
    assert_eq!(ESRCH, errno(ntimp::query_thread(i32::MAX)));
    assert_eq!(EINVAL, errno(client.update()));
}

fn ends() {
    let client = client();
    client.expire(Duration::from_secs(3600)).unwrap();
    assert!(client.query().unwrap().lifetime.unwrap() <= Duration::from_secs(3600));
    client.expire(Duration::ZERO).unwrap();
    assert!(client.query().unwrap().expired);
    assert_eq!(EKEYEXPIRED, errno(client.impersonate()));

    let client = self::client();
    client.duplicate(Qos::default()).unwrap().revoke().unwrap();
    assert!(client.query().unwrap().revoked);
    assert_eq!(EKEYREVOKED, errno(client.impersonate()));

    let client = self::client();
    let _as_client = client.impersonate().unwrap();
    client.revoke_and_deny().unwrap();
    assert_eq!(EACCES, errno(File::open("/")));
}

fn files() {
    let scratch = Scratch::new("files");
    let client = client();
    let dir = File::open(&scratch.0).unwrap();
    let dir = Some(dir.as_fd());
    let made = client.openat(dir, "new", O_CREAT | O_WRONLY, 0o640).unwrap();
    let made = File::from(made).metadata().unwrap();
    assert_eq!((CLIENT, 0o100640), (made.uid(), made.mode()));
    assert_eq!(EACCES, errno(client.openat(None, scratch.path("server"), 0, 0)));
    assert!(client.access(dir, "client", 4, 0).unwrap());
    assert!(!client.access(dir, "server", 4, 0).unwrap());
    assert_eq!(ENOENT, errno(client.access(dir, "nothing", 4, 0)));
    client.mkdirat(dir, "one", 0o700).unwrap();
    client.renameat(dir, "one", "two", 0).unwrap();
    client.rmdirat(dir, "two").unwrap();
    client.fchmodat(dir, "client", 0o400).unwrap();
    assert_eq!(0o100400, fs::metadata(scratch.path("client")).unwrap().mode());
    client.unlinkat(dir, "client").unwrap();
    assert_eq!(EPERM, errno(client.fchmodat(dir, "server", 0o666)));
    assert_eq!(EOPNOTSUPP, errno(client.uring_personality(File::open("/").unwrap())));
}

fn descriptor() {
    let client = client();
    let number = client.as_raw_fd();
    let owned = OwnedFd::from(client);
    assert_eq!(number, owned.as_raw_fd());
    let again = Context::from(owned);
    assert_eq!(CLIENT, again.query().unwrap().uid.real);
    drop(again);
    assert!(!std::path::Path::new(&format!("/proc/self/fd/{number}")).exists());
}

fn main() {
    let tests: &[(&str, fn())] = &[
        ("guard", guard),
        ("guard_ends_with_a_question_mark", guard_ends_with_a_question_mark),
        ("guard_ends_with_a_panic", guard_ends_with_a_panic),
        ("run", run),
        ("begin_and_revert", begin_and_revert),
        ("other_thread", other_thread),
        ("a_context_for_many_threads", a_context_for_many_threads),
        ("captures", captures),
        ("info", info),
        ("ends", ends),
        ("files", files),
        ("descriptor", descriptor),
    ];
    let mut failed = false;
    println!("1..{}", tests.len());
    for (number, (name, test)) in tests.iter().enumerate() {
        let mut good = panic::catch_unwind(test).is_ok();
        good &= matches!(ntimp::query_thread(0), Ok(None));
        ntimp::revert().unwrap();
        failed |= !good;
        println!("{}ok {} - {name}", if good { "" } else { "not " }, number + 1);
    }
    std::process::exit(failed.into());
}
