/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/ntdriver: who opens it is the creator of what was opened, and requests are
 * done as the creator, whoever makes them.
 */
#ifndef _NTDRIVER_H
#define _NTDRIVER_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define NTDRIVER_PATH		"/dev/ntdriver"
#define NTDRIVER_SIZE_MAX	4096

/**
 * enum ntdriver_what - what to do
 * @NTDRIVER_WHO: say who does it
 * @NTDRIVER_READ: read a file from its begin
 * @NTDRIVER_CREATE: make a file that isn't there yet, and write into it
 */
enum ntdriver_what {
	NTDRIVER_WHO,
	NTDRIVER_READ,
	NTDRIVER_CREATE,
};

/**
 * enum ntdriver_how - as whom, and in which thread
 * @NTDRIVER_HERE: as the creator, in the calling thread
 * @NTDRIVER_SYSTEM_THREAD: as the creator, in the driver's system thread
 * @NTDRIVER_WORK_ITEM: as the creator, in a system worker
 * @NTDRIVER_AS_CALLER: as the caller, in the driver's system thread
 */
enum ntdriver_how {
	NTDRIVER_HERE,
	NTDRIVER_SYSTEM_THREAD,
	NTDRIVER_WORK_ITEM,
	NTDRIVER_AS_CALLER,
};

/**
 * struct ntdriver_request - a request
 * @what: enum ntdriver_what
 * @how: enum ntdriver_how
 * @path: of the file, a pointer to an absolute path
 * @data: pointer to what is written, or to where is read
 * @size: how many bytes, up to NTDRIVER_SIZE_MAX
 * @impersonating: result: whether the thread impersonated
 * @level: result: and at which level
 * @user: result: number of the user it acted as
 * @group: result: number of the primary group
 */
struct ntdriver_request {
	__u32 what;
	__u32 how;
	__u64 path;
	__u64 data;
	__u32 size;
	__u32 impersonating;
	__u32 level;
	__u32 user;
	__u32 group;
	__u32 reserved;
};

/* Returns how many bytes were read or written. */
#define NTDRIVER_REQUEST	_IOWR('N', 0x40, struct ntdriver_request)

#endif /* _NTDRIVER_H */
