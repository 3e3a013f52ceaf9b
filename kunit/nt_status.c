// SPDX-License-Identifier: GPL-2.0-only
/* What NT says of Linux's errors, and Linux of NT's statuses. */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/ntifs.h>

#include "rows.h"
#include "suites.h"

struct errno_row {
	const char *name;
	int err;
	u32 status;
};

/* The numbers are NT's, so that the header is not asked about itself. */
static const struct errno_row errno_rows[] = {
	{ "0", 0, 0x00000000 },
	{ "EPERM", -EPERM, 0xC0000022 },
	{ "EACCES", -EACCES, 0xC0000022 },
	{ "EROFS", -EROFS, 0xC00000A2 },
	{ "ENOKEY", -ENOKEY, 0xC000007C },
	{ "EKEYREVOKED", -EKEYREVOKED, 0xC000005F },
	{ "EKEYEXPIRED", -EKEYEXPIRED, 0xC000005F },
	{ "EKEYREJECTED", -EKEYREJECTED, 0xC000A000 },
	{ "ESRCH", -ESRCH, 0xC000000B },
	{ "EINVAL", -EINVAL, 0xC000000D },
	{ "EDOM", -EDOM, 0xC000000D },
	{ "EFAULT", -EFAULT, 0xC0000005 },
	{ "EBADF", -EBADF, 0xC0000008 },
	{ "EBADFD", -EBADFD, 0xC0000008 },
	{ "E2BIG", -E2BIG, 0xC0000004 },
	{ "ERANGE", -ERANGE, 0xC0000023 },
	{ "EOVERFLOW", -EOVERFLOW, 0x80000005 },
	{ "EMSGSIZE", -EMSGSIZE, 0x80000005 },
	{ "EILSEQ", -EILSEQ, 0xC0000073 },
	{ "EPROTO", -EPROTO, 0xC000021F },
	{ "EBADMSG", -EBADMSG, 0xC000003E },
	{ "EUCLEAN", -EUCLEAN, 0xC0000102 },
	{ "ENOSYS", -ENOSYS, 0xC0000002 },
	{ "EOPNOTSUPP", -EOPNOTSUPP, 0xC00000BB },
	{ "ENOTSUPP", -ENOTSUPP, 0xC00000BB },
	{ "ENOTTY", -ENOTTY, 0xC0000010 },
	{ "ENOIOCTLCMD", -ENOIOCTLCMD, 0xC0000010 },
	{ "EPFNOSUPPORT", -EPFNOSUPPORT, 0xC000A013 },
	{ "EPROTONOSUPPORT", -EPROTONOSUPPORT, 0xC000A013 },
	{ "EAFNOSUPPORT", -EAFNOSUPPORT, 0xC000A013 },
	{ "ENOENT", -ENOENT, 0xC0000034 },
	{ "ENODATA", -ENODATA, 0xC0000051 },
	{ "ENODEV", -ENODEV, 0xC000000E },
	{ "ENXIO", -ENXIO, 0xC00000C0 },
	{ "ENOMEDIUM", -ENOMEDIUM, 0xC0000013 },
	{ "EMEDIUMTYPE", -EMEDIUMTYPE, 0xC0000014 },
	{ "ESTALE", -ESTALE, 0xC0000098 },
	{ "EEXIST", -EEXIST, 0xC0000035 },
	{ "ENOTDIR", -ENOTDIR, 0xC0000103 },
	{ "EISDIR", -EISDIR, 0xC00000BA },
	{ "ENOTEMPTY", -ENOTEMPTY, 0xC0000101 },
	{ "ENAMETOOLONG", -ENAMETOOLONG, 0xC0000106 },
	{ "ELOOP", -ELOOP, 0xC0000280 },
	{ "EXDEV", -EXDEV, 0xC00000D4 },
	{ "EMLINK", -EMLINK, 0xC0000265 },
	{ "ENOMEM", -ENOMEM, 0xC0000017 },
	{ "ENOBUFS", -ENOBUFS, 0xC000009A },
	{ "EDQUOT", -EDQUOT, 0xC0000044 },
	{ "EUSERS", -EUSERS, 0xC00000CE },
	{ "ENOSPC", -ENOSPC, 0xC000007F },
	{ "EFBIG", -EFBIG, 0xC0000904 },
	{ "EMFILE", -EMFILE, 0xC000011F },
	{ "ENFILE", -ENFILE, 0xC000011F },
	{ "EBUSY", -EBUSY, 0x80000011 },
	{ "ETXTBSY", -ETXTBSY, 0xC0000043 },
	{ "EAGAIN", -EAGAIN, 0xC000022D },
	{ "EINPROGRESS", -EINPROGRESS, 0x80000011 },
	{ "EALREADY", -EALREADY, 0x80000011 },
	{ "EDEADLK", -EDEADLK, 0xC0000194 },
	{ "ENOLCK", -ENOLCK, 0xC000009A },
	{ "ETIMEDOUT", -ETIMEDOUT, 0xC00000B5 },
	{ "ETIME", -ETIME, 0xC00000B5 },
	{ "ECANCELED", -ECANCELED, 0xC0000120 },
	{ "EINTR", -EINTR, 0xC0000120 },
	{ "ERESTARTSYS", -ERESTARTSYS, 0xC0000120 },
	{ "ERESTARTNOINTR", -ERESTARTNOINTR, 0xC0000120 },
	{ "EPROBE_DEFER", -EPROBE_DEFER, 0xC00000A3 },
	{ "EIO", -EIO, 0xC0000001 },
	{ "EREMOTEIO", -EREMOTEIO, 0xC00000E9 },
	{ "EPIPE", -EPIPE, 0xC000014B },
	{ "ESHUTDOWN", -ESHUTDOWN, 0xC000020C },
	{ "ENOTCONN", -ENOTCONN, 0xC000023A },
	{ "EISCONN", -EISCONN, 0xC000023B },
	{ "ECONNREFUSED", -ECONNREFUSED, 0xC0000236 },
	{ "ECONNRESET", -ECONNRESET, 0xC000020D },
	{ "ECONNABORTED", -ECONNABORTED, 0xC0000241 },
	{ "EADDRINUSE", -EADDRINUSE, 0xC000020A },
	{ "EADDRNOTAVAIL", -EADDRNOTAVAIL, 0xC000020B },
	{ "ENETUNREACH", -ENETUNREACH, 0xC000023C },
	{ "EHOSTUNREACH", -EHOSTUNREACH, 0xC000023D },
	{ "ENOTSOCK", -ENOTSOCK, 0xC0000024 },
	/* What NT has no word for, and what is none of Linux's. */
	{ "EUNATCH", -EUNATCH, 0xC0000001 },
	{ "beyond the errors", -MAX_ERRNO, 0xC0000001 },
	{ "the lowest number", INT_MIN, 0xC0000001 },
	{ "a positive EPERM", EPERM, 0xC00000E5 },
	{ "the highest number", INT_MAX, 0xC00000E5 },
};

ROWS(errno);

static void errno_has_a_status(struct kunit *test)
{
	const struct errno_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, row->status, (u32)NtimpStatusFromErrno(row->err));
}

struct status_row {
	const char *name;
	u32 status;
	int err;
};

static const struct status_row status_rows[] = {
	{ "SUCCESS", 0x00000000, 0 },
	{ "WAIT_1", 0x00000001, 0 },
	{ "ALERTED", 0x00000101, -EINTR },
	{ "USER_APC", 0x000000C0, -EINTR },
	{ "TIMEOUT", 0x00000102, -ETIMEDOUT },
	{ "PENDING", 0x00000103, -EINPROGRESS },
	{ "NOT_ALL_ASSIGNED", 0x00000106, 0 },
	{ "OBJECT_NAME_EXISTS", 0x40000000, 0 },
	{ "BUFFER_OVERFLOW", 0x80000005, -EOVERFLOW },
	{ "NO_MORE_ENTRIES", 0x8000001A, -ENOENT },
	{ "DEVICE_BUSY", 0x80000011, -EBUSY },
	{ "UNSUCCESSFUL", 0xC0000001, -EIO },
	{ "NOT_IMPLEMENTED", 0xC0000002, -ENOSYS },
	{ "INVALID_INFO_CLASS", 0xC0000003, -EINVAL },
	{ "INFO_LENGTH_MISMATCH", 0xC0000004, -E2BIG },
	{ "ACCESS_VIOLATION", 0xC0000005, -EFAULT },
	{ "INVALID_HANDLE", 0xC0000008, -EBADF },
	{ "INVALID_CID", 0xC000000B, -ESRCH },
	{ "INVALID_PARAMETER", 0xC000000D, -EINVAL },
	{ "NO_MEMORY", 0xC0000017, -ENOMEM },
	{ "ACCESS_DENIED", 0xC0000022, -EACCES },
	{ "BUFFER_TOO_SMALL", 0xC0000023, -ERANGE },
	{ "OBJECT_TYPE_MISMATCH", 0xC0000024, -EBADF },
	{ "OBJECT_PATH_NOT_FOUND", 0xC000003A, -ENOENT },
	{ "PORT_DISCONNECTED", 0xC0000037, -EPIPE },
	{ "INVALID_PORT_HANDLE", 0xC0000042, -EBADF },
	{ "THREAD_IS_TERMINATING", 0xC000004B, -ESRCH },
	{ "INVALID_OWNER", 0xC000005A, -EPERM },
	{ "INVALID_PRIMARY_GROUP", 0xC000005B, -EPERM },
	{ "NO_IMPERSONATION_TOKEN", 0xC000005C, -ENOKEY },
	{ "NO_SUCH_LOGON_SESSION", 0xC000005F, -EKEYREVOKED },
	{ "NO_SUCH_PRIVILEGE", 0xC0000060, -EINVAL },
	{ "PRIVILEGE_NOT_HELD", 0xC0000061, -EPERM },
	{ "NO_TOKEN", 0xC000007C, -ENOKEY },
	{ "INSUFFICIENT_RESOURCES", 0xC000009A, -ENOMEM },
	{ "BAD_IMPERSONATION_LEVEL", 0xC00000A5, -EPERM },
	{ "CANT_OPEN_ANONYMOUS", 0xC00000A6, -EPERM },
	{ "BAD_VALIDATION_CLASS", 0xC00000A7, -EINVAL },
	{ "BAD_TOKEN_TYPE", 0xC00000A8, -EINVAL },
	{ "NOT_SUPPORTED", 0xC00000BB, -EOPNOTSUPP },
	{ "INTERNAL_ERROR", 0xC00000E5, -EIO },
	{ "PROCESS_IS_TERMINATING", 0xC000010A, -ESRCH },
	{ "CANNOT_IMPERSONATE", 0xC000010D, -EPERM },
	{ "TOKEN_ALREADY_IN_USE", 0xC000012B, -EBUSY },
	{ "REPLY_MESSAGE_MISMATCH", 0xC000021F, -EPROTO },
	/* What Linux has no word for, and what NT has none for either. */
	{ "CALLBACK_RETURNED_WHILE_IMPERSONATING", 0xC0000710, -EIO },
	{ "BREAKPOINT", 0x80000003, -EIO },
	{ "a customer's success", 0x20000001, 0 },
	{ "a customer's error", 0xE0000001, -EIO },
	{ "the highest success", 0x7FFFFFFF, 0 },
	{ "the lowest warning", 0x80000000, -EIO },
	{ "the highest error", 0xFFFFFFFF, -EIO },
};

ROWS(status);

static void status_has_an_errno(struct kunit *test)
{
	const struct status_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, row->err, NtimpErrnoFromStatus(row->status));
}

static void no_error_is_a_success(struct kunit *test)
{
	int err;

	for (err = 1; err <= MAX_ERRNO; err++) {
		KUNIT_ASSERT_FALSE(test, NT_SUCCESS(NtimpStatusFromErrno(-err)));
		KUNIT_ASSERT_FALSE(test, NT_INFORMATION(NtimpStatusFromErrno(-err)));
		KUNIT_ASSERT_FALSE(test, NT_SUCCESS(NtimpStatusFromErrno(err)));
	}
}

static void no_failure_is_a_success(struct kunit *test)
{
	u32 code;

	/* Warnings and errors of the facility that is NT's own. */
	for (code = 0; code < 0x1000; code++) {
		KUNIT_ASSERT_LT(test, NtimpErrnoFromStatus(0x80000000 | code), 0);
		KUNIT_ASSERT_LT(test, NtimpErrnoFromStatus(0xC0000000 | code), 0);
		KUNIT_ASSERT_LE(test, NtimpErrnoFromStatus(code), 0);
	}
}

/* An error that has a status of its own comes back as itself. */
static void errors_come_back(struct kunit *test)
{
	static const int errors[] = {
		0, -EACCES, -EROFS, -ENOKEY, -EKEYREVOKED, -ESRCH, -EINVAL, -EFAULT, -EBADF,
		-E2BIG, -ERANGE, -EOVERFLOW, -EPROTO, -ENOSYS, -EOPNOTSUPP, -ENOTTY, -ENOENT,
		-ENODATA, -ENODEV, -ENXIO, -ESTALE, -EEXIST, -ENOTDIR, -EISDIR, -ENOTEMPTY,
		-ENAMETOOLONG, -ELOOP, -EXDEV, -EMLINK, -ENOMEM, -EDQUOT, -EUSERS, -ENOSPC, -EFBIG,
		-EMFILE, -EBUSY, -EAGAIN, -EDEADLK, -ETIMEDOUT, -ECANCELED, -EIO, -EPIPE,
		-ENOTCONN, -EISCONN, -ECONNREFUSED, -ECONNRESET, -EADDRINUSE,
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		KUNIT_EXPECT_EQ(test, errors[i],
				NtimpErrnoFromStatus(NtimpStatusFromErrno(errors[i])));
}

static void severities(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, NT_SUCCESS(0x00000000) && NT_SUCCESS(0x3FFFFFFF));
	KUNIT_EXPECT_TRUE(test, NT_SUCCESS(0x40000000) && NT_SUCCESS(0x7FFFFFFF));
	KUNIT_EXPECT_FALSE(test, NT_SUCCESS(0x80000000) || NT_SUCCESS(0xFFFFFFFF));
	KUNIT_EXPECT_TRUE(test, NT_INFORMATION(0x40000000) && NT_INFORMATION(0x7FFFFFFF));
	KUNIT_EXPECT_FALSE(test, NT_INFORMATION(0x3FFFFFFF) || NT_INFORMATION(0x80000000));
	KUNIT_EXPECT_TRUE(test, NT_WARNING(0x80000000) && NT_WARNING(0xBFFFFFFF));
	KUNIT_EXPECT_FALSE(test, NT_WARNING(0x7FFFFFFF) || NT_WARNING(0xC0000000));
	KUNIT_EXPECT_TRUE(test, NT_ERROR(0xC0000000) && NT_ERROR(0xFFFFFFFF));
	KUNIT_EXPECT_FALSE(test, NT_ERROR(0xBFFFFFFF) || NT_ERROR(0x00000000));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(errno_has_a_status, errno_gen_params),
	KUNIT_CASE_PARAM(status_has_an_errno, status_gen_params),
	KUNIT_CASE(no_error_is_a_success),
	KUNIT_CASE(no_failure_is_a_success),
	KUNIT_CASE(errors_come_back),
	KUNIT_CASE(severities),
	{}
};

struct kunit_suite ntimp_nt_status_suite = {
	.name = "nt_status",
	.test_cases = cases,
};
