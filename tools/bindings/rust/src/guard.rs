// SPDX-License-Identifier: LGPL-2.1-only
//! The time during which a thread is a client.

use std::io;
use std::marker::PhantomData;
use std::os::unix::io::AsRawFd;

use crate::{sys, Context};

/// The calling thread is the client as long as this lives.
///
/// It can't leave the thread that it was made in, so that a future which holds it over an
/// `await` can't either:
///
/// ```compile_fail,E0277
/// fn elsewhere(_: impl Send) {}
/// let client = ntimp::Context::anonymous().unwrap();
/// elsewhere(client.impersonate().unwrap());
/// ```
///
/// nor be seen from another one:
///
/// ```compile_fail,E0277
/// fn seen_elsewhere(_: impl Sync) {}
/// let client = ntimp::Context::anonymous().unwrap();
/// seen_elsewhere(client.impersonate().unwrap());
/// ```
///
/// The context may, which shows that it is not for something else that these fail:
///
/// ```no_run
/// fn elsewhere(_: impl Send + Sync) {}
/// let client = ntimp::Context::anonymous().unwrap();
/// client.impersonate().unwrap();
/// elsewhere(client);
/// ```
///
/// An executor that polls other futures in this thread while it lives would run them as
/// the client: drop it before each `await`.  Who leaks it by `mem::forget()` stays the
/// client; [`Context::run`] has nothing that can be leaked.
#[must_use = "the thread is itself again as soon as this is dropped"]
#[derive(Debug)]
pub struct Impersonation<'a> {
    _client: PhantomData<&'a Context>,
    _of_this_thread: PhantomData<*mut ()>,
}

impl<'a> Impersonation<'a> {
    pub(crate) fn begin(client: &'a Context) -> io::Result<Self> {
        // SAFETY: it takes a number, and it is the caller's own thread that changes.
        if unsafe { sys::ntimp_scope_begin(client.as_raw_fd()) } == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(Impersonation { _client: PhantomData, _of_this_thread: PhantomData })
    }
}

impl Drop for Impersonation<'_> {
    fn drop(&mut self) {
        let mut scope = sys::Scope { entered: 1, pending: 0 };
        // SAFETY: a struct as it left ntimp_scope_begin(); it ends the process on failure.
        unsafe { sys::ntimp_scope_end(&mut scope) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    trait AmbiguousIf<A> {
        fn item() {}
    }
    impl<T: ?Sized> AmbiguousIf<()> for T {}
    struct IsSend;
    impl<T: ?Sized + Send> AmbiguousIf<IsSend> for T {}
    struct IsSync;
    impl<T: ?Sized + Sync> AmbiguousIf<IsSync> for T {}

    /// Does not compile if it is either.
    #[test]
    fn neither_send_nor_sync() {
        <Impersonation<'static> as AmbiguousIf<_>>::item();
    }

    #[test]
    fn context_is_both() {
        fn both<T: Send + Sync>() {}
        both::<Context>();
    }
}
