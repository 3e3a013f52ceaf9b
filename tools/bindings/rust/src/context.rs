// SPDX-License-Identifier: LGPL-2.1-only
//! Contexts: how they are made, worn and ended.

use std::ffi::CString;
use std::io;
use std::os::raw::c_int;
use std::os::unix::io::{
    AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd,
};
use std::time::Duration;

use crate::{sys, Explanation, Impersonation, Info, Level, Qos, Reason};

const ERANGE: i32 = 34;
const ENOENT: i32 = 2;
const REVOKE_DENY: u32 = 1;

/// Who a client is, and how far the server may go in its name: an owned descriptor.
#[derive(Debug)]
pub struct Context(OwnedFd);

/// A result of the library: -1 is an error, which errno names.
pub(crate) fn checked(result: c_int) -> io::Result<c_int> {
    if result < 0 {
        Err(io::Error::last_os_error())
    } else {
        Ok(result)
    }
}

fn done(result: c_int) -> io::Result<()> {
    checked(result).map(drop)
}

/// A descriptor that the library has made for us.
pub(crate) fn owned(result: c_int) -> io::Result<OwnedFd> {
    // SAFETY: it is open, and nobody else's.
    checked(result).map(|fd| unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Ask with more room until all groups fit: a dynamic client may get more meanwhile.
fn query(ask: impl Fn(*mut sys::Info) -> c_int) -> io::Result<Info> {
    let mut groups = vec![0u32; 64];
    loop {
        let mut raw = sys::Info {
            groups: groups.as_mut_ptr() as usize as u64,
            ngroups: groups.len() as u32,
            ..sys::Info::default()
        };
        let result = done(ask(&mut raw));
        let count = raw.ngroups as usize;
        match result {
            Err(error) if error.raw_os_error() != Some(ERANGE) || count <= groups.len() => {
                return Err(error)
            }
            Err(_) => groups.resize(count, 0),
            Ok(()) => {
                groups.truncate(count);
                return Info::from_raw(&raw, groups);
            }
        }
    }
}

impl Context {
    /// The identity of the calling thread.
    pub fn of_self(qos: Qos) -> io::Result<Self> {
        // SAFETY: the struct lives as long as the call.
        owned(unsafe { sys::ntimp_capture_self(&qos.raw()) }).map(Context)
    }

    /// The identity of another thread.
    pub fn of_thread(tid: i32, qos: Qos) -> io::Result<Self> {
        // SAFETY: as above.
        owned(unsafe { sys::ntimp_capture_thread(tid, &qos.raw()) }).map(Context)
    }

    /// The identity of a process, without a race.
    pub fn of_pidfd(pidfd: impl AsFd, qos: Qos) -> io::Result<Self> {
        let pidfd = pidfd.as_fd().as_raw_fd();
        // SAFETY: as above.
        owned(unsafe { sys::ntimp_capture_pidfd(pidfd, &qos.raw()) }).map(Context)
    }

    /// The identity that the peer of an AF_UNIX socket had when it connected.
    pub fn of_peer(socket: impl AsFd, qos: Qos) -> io::Result<Self> {
        let socket = socket.as_fd().as_raw_fd();
        // SAFETY: as above.
        owned(unsafe { sys::ntimp_capture_peer(socket, &qos.raw()) }).map(Context)
    }

    /// An identity made of numbers.
    pub fn of_ids(uid: u32, gid: u32, groups: &[u32], qos: Qos) -> io::Result<Self> {
        // SAFETY: as above, and the groups.
        owned(unsafe {
            sys::ntimp_capture_ids(uid, gid, groups.len(), groups.as_ptr(), &qos.raw())
        })
        .map(Context)
    }

    /// The identity that a user would have after login.
    pub fn of_user(name: &str, qos: Qos) -> io::Result<Self> {
        let name = CString::new(name)?;
        // SAFETY: as above, and the name.
        owned(unsafe { sys::ntimp_capture_user(name.as_ptr(), &qos.raw()) }).map(Context)
    }

    /// Nobody.
    pub fn anonymous() -> io::Result<Self> {
        // SAFETY: no arguments.
        owned(unsafe { sys::ntimp_capture_anonymous() }).map(Context)
    }

    /// A context made of this one, at its level or below.
    pub fn duplicate(&self, qos: Qos) -> io::Result<Self> {
        // SAFETY: the struct lives as long as the call.
        owned(unsafe { sys::ntimp_duplicate(self.as_raw_fd(), &qos.raw()) }).map(Context)
    }

    /// Act as the client, until the guard is dropped.
    ///
    /// EBUSY if the thread impersonates already: leaving the inner one would make the rest
    /// of the outer one run as the server.
    pub fn impersonate(&self) -> io::Result<Impersonation<'_>> {
        Impersonation::begin(self)
    }

    /// Call a function as the client.
    pub fn run<T>(&self, function: impl FnOnce() -> T) -> io::Result<T> {
        let _as_client = self.impersonate()?;
        Ok(function())
    }

    /// Act as the client from now on, until [`revert`].  Prefer [`Context::impersonate`].
    pub fn begin(&self) -> io::Result<()> {
        // SAFETY: it takes a number, and it is the caller's own thread that changes.
        done(unsafe { sys::ntimp_impersonate(self.as_raw_fd()) })
    }

    /// The same, or where that is not allowed know who the client is: at which level.
    pub fn begin_downgraded(&self) -> io::Result<Level> {
        // SAFETY: as above.
        let level = checked(unsafe { sys::ntimp_impersonate_downgraded(self.as_raw_fd()) })?;
        Level::from_raw(level as u32)
    }

    /// Another thread of this process acts as the client, until [`revert_thread`].
    pub fn begin_thread(&self, tid: i32) -> io::Result<()> {
        // SAFETY: numbers alone; what the other thread may do changes, not what it does.
        done(unsafe { sys::ntimp_impersonate_thread(self.as_raw_fd(), tid) })
    }

    /// The client as a personality of an io_uring.
    pub fn uring_personality(&self, ring: impl AsFd) -> io::Result<u16> {
        let ring = ring.as_fd().as_raw_fd();
        // SAFETY: numbers alone.
        checked(unsafe { sys::ntimp_uring_personality(ring, self.as_raw_fd()) })
            .map(|personality| personality as u16)
    }

    /// Who the client is.
    pub fn query(&self) -> io::Result<Info> {
        // SAFETY: what it fills lives as long as the call.
        query(|raw| unsafe { sys::ntimp_query(self.as_raw_fd(), raw) })
    }

    /// Look at a client that is followed again; ESTALE: its last snapshot stands.
    pub fn update(&self) -> io::Result<()> {
        // SAFETY: a number alone.
        done(unsafe { sys::ntimp_update(self.as_raw_fd()) })
    }

    /// Let nobody impersonate it any more; threads that do go on.
    pub fn revoke(&self) -> io::Result<()> {
        // SAFETY: numbers alone.
        done(unsafe { sys::ntimp_revoke(self.as_raw_fd(), 0) })
    }

    /// Let nobody impersonate it any more, and threads that do be denied all.
    pub fn revoke_and_deny(&self) -> io::Result<()> {
        // SAFETY: numbers alone.
        done(unsafe { sys::ntimp_revoke(self.as_raw_fd(), REVOKE_DENY) })
    }

    /// Let nobody impersonate it any more after some time, at most 584 years.
    pub fn expire(&self, lifetime: Duration) -> io::Result<()> {
        let ns = u64::try_from(lifetime.as_nanos()).unwrap_or(u64::MAX);
        // SAFETY: numbers alone.
        done(unsafe { sys::ntimp_expire(self.as_raw_fd(), ns) })
    }

    /// Would a thread (0: the caller) be let act as the client, and why (not)?
    pub fn explain(&self, tid: i32) -> io::Result<Explanation> {
        let mut answer = sys::Explain::default();
        // SAFETY: what it fills lives as long as the call.
        done(unsafe { sys::ntimp_explain(self.as_raw_fd(), tid, &mut answer) })?;
        Ok(Explanation {
            allowed: answer.pass != 0,
            reason: Reason::from_raw(answer.reason),
        })
    }

    /// The threads that wear it, of those that the caller may ask.
    pub fn wearers(&self) -> io::Result<Vec<i32>> {
        let mut tids = vec![0; 16];
        loop {
            let mut count = tids.len();
            // SAFETY: there is room for as many as it is told.
            match done(unsafe {
                sys::ntimp_wearers(self.as_raw_fd(), tids.as_mut_ptr(), &mut count)
            }) {
                Err(error) if error.raw_os_error() != Some(ERANGE) || count <= tids.len() => {
                    return Err(error)
                }
                Err(_) => tids.resize(count + 16, 0),
                Ok(()) => {
                    tids.truncate(count);
                    return Ok(tids);
                }
            }
        }
    }
}

impl AsFd for Context {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

impl AsRawFd for Context {
    fn as_raw_fd(&self) -> RawFd {
        self.0.as_raw_fd()
    }
}

impl IntoRawFd for Context {
    fn into_raw_fd(self) -> RawFd {
        self.0.into_raw_fd()
    }
}

/// Takes over a descriptor, as received over a socket; what is not a context fails later.
impl From<OwnedFd> for Context {
    fn from(fd: OwnedFd) -> Self {
        Context(fd)
    }
}

impl From<Context> for OwnedFd {
    fn from(context: Context) -> Self {
        context.0
    }
}

/// The calling thread is itself again; not an error if it was.
pub fn revert() -> io::Result<()> {
    // SAFETY: no arguments.
    done(unsafe { sys::ntimp_revert() })
}

/// Another thread is itself again.
pub fn revert_thread(tid: i32) -> io::Result<()> {
    // SAFETY: a number alone.
    done(unsafe { sys::ntimp_revert_thread(tid) })
}

/// Whom a thread (0: the caller) impersonates, if anybody.
pub fn query_thread(tid: i32) -> io::Result<Option<Info>> {
    // SAFETY: what it fills lives as long as the call.
    match query(|raw| unsafe { sys::ntimp_query_thread(tid, raw) }) {
        Ok(info) => Ok(Some(info)),
        Err(error) if error.raw_os_error() == Some(ENOENT) => Ok(None),
        Err(error) => Err(error),
    }
}
