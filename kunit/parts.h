/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What creds are made of: setting it, reading it, and counting who refers to it.
 */
#ifndef _KUNIT_PARTS_H
#define _KUNIT_PARTS_H

#include <linux/cred.h>
#include <linux/types.h>

#include "persona.h"

#define LEVELS	4	/* enum ntimp_level */
#define LOW_LEVELS	2	/* the lowest of them, at which nothing is from the client */

/* A cred's ids, as the initial user namespace counts. */
struct ids {
	u32 uid, gid;
	u32 euid, egid;
	u32 suid, sgid;
	u32 fsuid, fsgid;
};

void ids_set(struct cred *cred, const struct ids *ids);
void ids_expect(struct kunit *test, const struct ids *expected, const struct cred *cred);

/* A cred's capabilities, in the order of /proc/PID/status. */
struct caps {
	u64 inheritable;
	u64 permitted;
	u64 effective;
	u64 bounding;
	u64 ambient;
};

void caps_set(struct cred *cred, const struct caps *caps);
void caps_expect(struct kunit *test, const struct caps *expected, const struct cred *cred);

/* How the user namespaces of a server and a client are related. */
enum relation {
	SAME_NS,	/* both in the current thread's user namespace */
	CLIENT_BELOW,	/* the client in a child of the server's */
	SERVER_BELOW,	/* the server in a child of the client's */
	SIBLINGS,	/* in two children of one */
};

struct pair {
	const struct cred *server;
	const struct cred *client;
};

/* Creds in user namespaces that are so related, for persona.within. */
struct pair pair_within(struct kunit *test, enum relation relation);

/* Give a cred that nobody has seen a user and ucounts after its real user id. */
void own_accounts(struct kunit *test, struct cred *cred);

/* Give a cred that nobody has seen keyrings: some of s, p, t and a. */
void own_keyrings(struct kunit *test, struct cred *cred, const char *slots);

/*
 * A cred that shares no part with any other: accounts, groups and all keyrings.  For
 * that, no thread may have been the user with this id: those that exit drop it late.
 */
struct cred *loner_cred(struct kunit *test, u32 id);

/* What ntimp_cred_apply() makes, alive as long as the case. */
const struct cred *applied_cred(struct kunit *test, const struct cred *server,
				const struct cred *client, unsigned int level);

/* References on a cred and on its parts. */
enum part {
	PART_CRED, PART_USER, PART_USER_NS, PART_UCOUNTS, PART_GROUPS,
	PART_SESSION, PART_PROCESS, PART_THREAD, PART_AUTH,
	PARTS,
};

struct refs {
	long count[PARTS];
};

struct refs refs_read(const struct cred *cred);

/* There are now @more references than @before. */
void refs_expect(struct kunit *test, const char *whose, const struct cred *cred,
		 const struct refs *before, const struct refs *more);

#endif /* _KUNIT_PARTS_H */
