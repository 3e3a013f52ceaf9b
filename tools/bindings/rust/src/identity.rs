// SPDX-License-Identifier: LGPL-2.1-only
//! Who a client is, and how far a server may go: the values of linux/ntimp.h.

use std::io;
use std::time::Duration;

use crate::sys;

/// How far a server may go in the client's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u32)]
pub enum Level {
    /// Not even ask who the client is.
    Anonymous = 0,
    /// Ask who the client is, but not act as it.
    Identification = 1,
    /// Act as the client on this machine.
    Impersonation = 2,
    /// Also use the client's session keyring.
    Delegation = 3,
}

/// Whether a context follows its client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Tracking {
    /// A snapshot, taken at capture.
    Static = 0,
    /// Looked at again whenever it is used.
    Dynamic = 1,
}

/// Where the identity in a context comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[repr(u32)]
pub enum Source {
    /// The calling thread.
    Itself = 1,
    /// Another thread.
    Thread = 2,
    /// The peer of a socket.
    Peer = 3,
    /// Numbers.
    Ids = 4,
    /// Nobody.
    Anonymous = 5,
    /// Another context.
    Context = 6,
}

fn unknown(what: &str, number: u32) -> io::Error {
    let why = format!("the module is newer than this crate: {what} {number}");
    io::Error::new(io::ErrorKind::InvalidData, why)
}

impl Level {
    pub(crate) fn from_raw(number: u32) -> io::Result<Self> {
        Ok(match number {
            0 => Level::Anonymous,
            1 => Level::Identification,
            2 => Level::Impersonation,
            3 => Level::Delegation,
            _ => return Err(unknown("level", number)),
        })
    }
}

impl Tracking {
    fn from_raw(number: u8) -> io::Result<Self> {
        match number {
            0 => Ok(Tracking::Static),
            1 => Ok(Tracking::Dynamic),
            _ => Err(unknown("tracking", number.into())),
        }
    }
}

impl Source {
    fn from_raw(number: u32) -> io::Result<Self> {
        Ok(match number {
            1 => Source::Itself,
            2 => Source::Thread,
            3 => Source::Peer,
            4 => Source::Ids,
            5 => Source::Anonymous,
            6 => Source::Context,
            _ => return Err(unknown("source", number)),
        })
    }
}

/// Quality of service: what the holder of a context may do with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Qos {
    /// How far.
    pub level: Level,
    /// Whether it follows its client.
    pub tracking: Tracking,
    /// Leave out capabilities that the client has permitted, but not effective.
    pub effective_only: bool,
    /// Whoever holds it may act as the maker, where the administrator lets that count.
    pub consent: bool,
    /// A system worker may act for the holder.
    pub dispatch: bool,
}

const QOS_CONSENT: u16 = 1;
const QOS_DISPATCH: u16 = 2;

impl Default for Qos {
    /// What the library does without one: level Impersonation, a snapshot.
    fn default() -> Self {
        Qos {
            level: Level::Impersonation,
            tracking: Tracking::Static,
            effective_only: false,
            consent: false,
            dispatch: false,
        }
    }
}

impl Qos {
    /// The usual quality, at another level.
    pub fn at(level: Level) -> Self {
        Qos { level, ..Qos::default() }
    }

    pub(crate) fn raw(&self) -> sys::Qos {
        sys::Qos {
            level: self.level as u32,
            tracking: self.tracking as u8,
            effective_only: self.effective_only.into(),
            flags: u16::from(self.consent) * QOS_CONSENT
                + u16::from(self.dispatch) * QOS_DISPATCH,
        }
    }

    fn from_raw(raw: &sys::Qos) -> io::Result<Self> {
        Ok(Qos {
            level: Level::from_raw(raw.level)?,
            tracking: Tracking::from_raw(raw.tracking)?,
            effective_only: raw.effective_only != 0,
            consent: raw.flags & QOS_CONSENT != 0,
            dispatch: raw.flags & QOS_DISPATCH != 0,
        })
    }
}

/// Real, effective, saved and file system id, of a user or group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Ids {
    pub real: u32,
    pub effective: u32,
    pub saved: u32,
    pub fs: u32,
}

/// Who the client of a context is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Info {
    /// The thread that was asked for, if it was one.
    pub tid: Option<i32>,
    /// Where the identity comes from.
    pub source: Source,
    /// Number of the context, unless it is gone.
    pub id: Option<u64>,
    /// What its holder may do; of a thread: the level at which it acts.
    pub qos: Qos,
    /// The client's users.
    pub uid: Ids,
    /// The client's groups.
    pub gid: Ids,
    /// The supplementary groups.
    pub groups: Vec<u32>,
    /// Inode number of the client's user namespace.
    pub user_ns: u32,
    /// A bit for each capability that the client has permitted.
    pub cap_permitted: u64,
    /// And effective.
    pub cap_effective: u64,
    /// How often it was impersonated.
    pub uses: u64,
    /// For how long it still can be, if that ends by itself.
    pub lifetime: Option<Duration>,
    /// A thread was asked for, and wears this.
    pub impersonating: bool,
    /// No descriptor of the context is left.
    pub closed: bool,
    /// The client can't be followed any more.
    pub stale: bool,
    /// It was revoked.
    pub revoked: bool,
    /// Its time is over.
    pub expired: bool,
}

impl Info {
    pub(crate) fn from_raw(raw: &sys::Info, groups: Vec<u32>) -> io::Result<Self> {
        Ok(Info {
            tid: Some(raw.tid).filter(|&tid| tid != 0),
            source: Source::from_raw(raw.source)?,
            id: Some(raw.id).filter(|&id| id != 0),
            qos: Qos::from_raw(&raw.qos)?,
            uid: Ids { real: raw.uid, effective: raw.euid, saved: raw.suid, fs: raw.fsuid },
            gid: Ids { real: raw.gid, effective: raw.egid, saved: raw.sgid, fs: raw.fsgid },
            groups,
            user_ns: raw.user_ns,
            cap_permitted: raw.cap_permitted,
            cap_effective: raw.cap_effective,
            uses: raw.uses,
            lifetime: Some(Duration::from_nanos(raw.lifetime)).filter(|left| !left.is_zero()),
            impersonating: raw.flags & 1 != 0,
            closed: raw.flags & 2 != 0,
            stale: raw.flags & 4 != 0,
            revoked: raw.flags & 8 != 0,
            expired: raw.flags & 16 != 0,
        })
    }
}

/// Why the gate refuses, see ntimp(4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reason {
    /// The client is root, and the server isn't.
    RootClient,
    /// `CAP_SETUID` or `CAP_SETGID` is missing in the client's user namespace.
    NoSetid,
    /// An id of the client has no number in its own user namespace.
    Unmapped,
    /// The context was revoked or has expired.
    Ended,
    /// One that this crate doesn't know.
    Other(u32),
}

impl Reason {
    pub(crate) fn from_raw(raw: u32) -> Option<Self> {
        match raw {
            0 => None,
            1 => Some(Self::RootClient),
            2 => Some(Self::NoSetid),
            3 => Some(Self::Unmapped),
            9 => Some(Self::Ended),
            other => Some(Self::Other(other)),
        }
    }
}

/// What the gate would say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The thread would be let act as the client.
    pub allowed: bool,
    /// What speaks against it, also where the level or the client's consent lets it pass.
    pub reason: Option<Reason>,
}
