/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * NT's kernel interface, as far as it is about security: what a driver that was
 * written for NT includes in place of its own <ntifs.h>.
 *
 * Sizes, offsets and numbers are those of 64-bit Windows.  IN, OUT, DELETE and
 * the like are macros as they are there: include Linux's own headers first.
 * What differs from NT is told in ntimp-porting(7).
 */
#ifndef _LINUX_NTIFS_H
#define _LINUX_NTIFS_H

#include <linux/nt/ntdef.h>
#include <linux/nt/sal.h>
#include <linux/nt/ntstatus.h>
#include <linux/nt/sid.h>
#include <linux/nt/descriptor.h>
#include <linux/nt/privilege.h>
#include <linux/nt/token.h>
#include <linux/nt/thread.h>
#include <linux/nt/security.h>
#include <linux/nt/exports.h>
#include <linux/nt/pool.h>
#include <linux/nt/object.h>
#include <linux/nt/work.h>
#include <linux/nt/kernel.h>
#include <linux/nt/linux.h>

#endif /* _LINUX_NTIFS_H */
