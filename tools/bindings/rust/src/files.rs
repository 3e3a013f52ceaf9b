// SPDX-License-Identifier: LGPL-2.1-only
//! One file operation as the client, by a thread that goes on being itself.

use std::ffi::CString;
use std::io;
use std::os::raw::c_int;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::io::{AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;

use crate::context::{checked, owned};
use crate::{sys, Context};

const AT_FDCWD: c_int = -100;
const AT_REMOVEDIR: c_int = 0x200;
const O_CLOEXEC: c_int = 0o2000000;
const EACCES: i32 = 13;

fn encoded(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

fn number(dir: Option<BorrowedFd<'_>>) -> c_int {
    dir.map_or(AT_FDCWD, |dir| dir.as_raw_fd())
}

/// In all of them `dir` is what a relative path begins at; `None`: the working directory.
impl Context {
    /// As openat(2), and close-on-exec.
    pub fn openat(
        &self,
        dir: Option<BorrowedFd<'_>>,
        path: impl AsRef<Path>,
        flags: i32,
        mode: u32,
    ) -> io::Result<OwnedFd> {
        let path = encoded(path.as_ref())?;
        // SAFETY: the path lives as long as the call.
        owned(unsafe {
            sys::ntimp_openat(
                self.as_raw_fd(),
                number(dir),
                path.as_ptr(),
                flags | O_CLOEXEC,
                mode,
            )
        })
    }

    /// As faccessat(2), with the client's effective ids: false is EACCES.
    pub fn access(
        &self,
        dir: Option<BorrowedFd<'_>>,
        path: impl AsRef<Path>,
        mode: i32,
        flags: i32,
    ) -> io::Result<bool> {
        let path = encoded(path.as_ref())?;
        // SAFETY: the path lives as long as the call.
        match checked(unsafe {
            sys::ntimp_access(self.as_raw_fd(), number(dir), path.as_ptr(), mode, flags)
        }) {
            Ok(_) => Ok(true),
            Err(error) if error.raw_os_error() == Some(EACCES) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// As mkdirat(2).
    pub fn mkdirat(
        &self,
        dir: Option<BorrowedFd<'_>>,
        path: impl AsRef<Path>,
        mode: u32,
    ) -> io::Result<()> {
        let path = encoded(path.as_ref())?;
        // SAFETY: the path lives as long as the call.
        checked(unsafe {
            sys::ntimp_mkdirat(self.as_raw_fd(), number(dir), path.as_ptr(), mode)
        })
        .map(drop)
    }

    /// As unlinkat(2) of what is not a directory.
    pub fn unlinkat(&self, dir: Option<BorrowedFd<'_>>, path: impl AsRef<Path>) -> io::Result<()> {
        self.remove(dir, path.as_ref(), 0)
    }

    /// As unlinkat(2) of a directory.
    pub fn rmdirat(&self, dir: Option<BorrowedFd<'_>>, path: impl AsRef<Path>) -> io::Result<()> {
        self.remove(dir, path.as_ref(), AT_REMOVEDIR)
    }

    fn remove(&self, dir: Option<BorrowedFd<'_>>, path: &Path, flags: c_int) -> io::Result<()> {
        let path = encoded(path)?;
        // SAFETY: the path lives as long as the call.
        checked(unsafe {
            sys::ntimp_unlinkat(self.as_raw_fd(), number(dir), path.as_ptr(), flags)
        })
        .map(drop)
    }

    /// As renameat2(2); both paths begin at `dir`.
    pub fn renameat(
        &self,
        dir: Option<BorrowedFd<'_>>,
        path: impl AsRef<Path>,
        new_path: impl AsRef<Path>,
        flags: u32,
    ) -> io::Result<()> {
        let path = encoded(path.as_ref())?;
        let new_path = encoded(new_path.as_ref())?;
        // SAFETY: the paths live as long as the call.
        checked(unsafe {
            sys::ntimp_renameat(
                self.as_raw_fd(),
                number(dir),
                path.as_ptr(),
                new_path.as_ptr(),
                flags,
            )
        })
        .map(drop)
    }

    /// As fchmodat(2).
    pub fn fchmodat(
        &self,
        dir: Option<BorrowedFd<'_>>,
        path: impl AsRef<Path>,
        mode: u32,
    ) -> io::Result<()> {
        let path = encoded(path.as_ref())?;
        // SAFETY: the path lives as long as the call.
        checked(unsafe {
            sys::ntimp_fchmodat(self.as_raw_fd(), number(dir), path.as_ptr(), mode)
        })
        .map(drop)
    }
}
