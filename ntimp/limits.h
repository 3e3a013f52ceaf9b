/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every limit of the module, each with its reason.
 */
#ifndef _NTIMP_LIMITS_H
#define _NTIMP_LIMITS_H

#include <linux/jiffies.h>
#include <linux/limits.h>

/* What setgroups(2) takes: a client with more can't exist. */
#define NTIMP_GROUPS_MAX	NGROUPS_MAX

/*
 * Applied credentials that a context keeps on each CPU for different servers,
 * before it looks for some that nobody wears.  Servers which share one context
 * are commonly the workers of one daemon, a handful.
 */
#define NTIMP_APPLIED_MAX	16

/* Buckets (2^n) of the table from worn credentials to their context. */
#define NTIMP_WORN_HASH_BITS	12

/*
 * Contexts that each user can have open, unless the administrator says
 * otherwise: far more than a server has clients at a time, and less memory than
 * the user's processes can take anyway.
 */
#define NTIMP_CONTEXTS_MAX	65536

/* Buckets (2^n) of the table of users who have contexts open. */
#define NTIMP_QUOTA_HASH_BITS	6

/* Buckets (2^n) of the tables of NT's primary tokens and impersonating threads. */
#define NTIMP_NT_PRIMARY_HASH_BITS	8
#define NTIMP_NT_THREAD_HASH_BITS	8

/*
 * How often retired applied credentials are looked at.  Nobody waits for it:
 * it only bounds for how long an unused cred stays allocated.
 */
#define NTIMP_SWEEP_PERIOD	(HZ / 4)

/*
 * How long a thread waits for another one to put an identity on or take it off.
 * Far longer than a busy machine keeps a thread from running, and well below the
 * 20 seconds in which suspending must find the one who waits asleep elsewhere.
 */
#define NTIMP_REMOTE_TIMEOUT	(5 * HZ)

/*
 * Work routines of NT drivers that run at a time; further ones wait.  More than NT
 * has system workers, because a routine that acts as a client waits for that
 * client's file systems.
 */
#define NTIMP_NT_WORKERS	64

/* Buckets (2^n) of the table of system threads of NT drivers, commonly a few. */
#define NTIMP_NT_SYSTHREAD_HASH_BITS	6

/* Entries in each list of SeFilterToken(), as many groups as a token of NT's has. */
#define NTIMP_NT_FILTER_MAX	1024

#endif /* _NTIMP_LIMITS_H */
