// SPDX-License-Identifier: GPL-2.0-only
/* Who a thread is, see identity.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "identity.h"

#ifdef SYS_setfsuid32
#define CALL_SETFSUID	SYS_setfsuid32
#define CALL_SETFSGID	SYS_setfsgid32
#else
#define CALL_SETFSUID	SYS_setfsuid
#define CALL_SETFSGID	SYS_setfsgid
#endif

pid_t thread_id(void)
{
	return syscall(SYS_gettid);
}

static void parse_groups(const char *list, struct identity *identity)
{
	char *end;

	identity->ngroups = 0;
	for (;; list = end) {
		unsigned long group = strtoul(list, &end, 10);

		if (end == list)
			return;
		if (identity->ngroups < IDENTITY_GROUPS)
			identity->groups[identity->ngroups] = group;
		identity->ngroups++;
	}
}

static bool parse_caps(const char *line, const char *name, uint64_t *caps)
{
	size_t len = strlen(name);

	return !strncmp(line, name, len) && sscanf(line + len, ":%" SCNx64, caps) == 1;
}

int identity_objective(pid_t tid, struct identity *identity)
{
	struct identity *id = identity;
	char path[32], *line = NULL;
	size_t room = 0;
	int found = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", tid);
	file = fopen(path, "re");
	if (!file)
		return -errno;

	memset(id, 0, sizeof(*id));
	while (getline(&line, &room, file) > 0) {
		if (sscanf(line, "Uid: %u %u %u %u", &id->uid, &id->euid, &id->suid,
			   &id->fsuid) == 4 ||
		    sscanf(line, "Gid: %u %u %u %u", &id->gid, &id->egid, &id->sgid,
			   &id->fsgid) == 4 ||
		    parse_caps(line, "CapInh", &id->inheritable) ||
		    parse_caps(line, "CapPrm", &id->permitted) ||
		    parse_caps(line, "CapEff", &id->effective) ||
		    parse_caps(line, "CapBnd", &id->bounding) ||
		    parse_caps(line, "CapAmb", &id->ambient)) {
			found++;
		} else if (!strncmp(line, "Groups:", 7)) {
			parse_groups(line + 7, id);
			found++;
		}
	}
	free(line);
	fclose(file);
	return found == 8 ? 0 : -EPROTO;
}

int identity_subjective(struct identity *identity)
{
	int ngroups;

	memset(identity, 0, sizeof(*identity));
	if (getresuid(&identity->uid, &identity->euid, &identity->suid) ||
	    getresgid(&identity->gid, &identity->egid, &identity->sgid))
		return -errno;
	/* An invalid id changes nothing, and the current one is returned. */
	identity->fsuid = syscall(CALL_SETFSUID, -1);
	identity->fsgid = syscall(CALL_SETFSGID, -1);

	ngroups = getgroups(0, NULL);
	if (ngroups < 0)
		return -errno;
	identity->ngroups = ngroups;
	if (ngroups <= IDENTITY_GROUPS && getgroups(ngroups, identity->groups) != ngroups)
		return -errno;
	return 0;
}

static void identity_print(const char *what, const struct identity *id)
{
	fprintf(stderr, "# %s: uid %u/%u/%u/%u gid %u/%u/%u/%u, %zu groups:", what,
		id->uid, id->euid, id->suid, id->fsuid,
		id->gid, id->egid, id->sgid, id->fsgid, id->ngroups);
	for (size_t i = 0; i < id->ngroups && i < IDENTITY_GROUPS; i++)
		fprintf(stderr, " %u", id->groups[i]);
	fprintf(stderr, ", caps p %" PRIx64 " e %" PRIx64 " i %" PRIx64 " b %" PRIx64
		" a %" PRIx64 "\n", id->permitted, id->effective, id->inheritable,
		id->bounding, id->ambient);
}

static bool ids_equal(const struct identity *a, const struct identity *b)
{
	size_t kept = a->ngroups < IDENTITY_GROUPS ? a->ngroups : IDENTITY_GROUPS;

	return a->uid == b->uid && a->euid == b->euid && a->suid == b->suid &&
	       a->fsuid == b->fsuid && a->gid == b->gid && a->egid == b->egid &&
	       a->sgid == b->sgid && a->fsgid == b->fsgid &&
	       a->ngroups == b->ngroups &&
	       !memcmp(a->groups, b->groups, kept * sizeof(*a->groups));
}

static bool say_unless(bool equal, const struct identity *want, const struct identity *seen)
{
	if (!equal) {
		identity_print("expected", want);
		identity_print("seen", seen);
	}
	return equal;
}

bool identity_is(const struct identity *identity, uid_t uid, gid_t gid,
		 size_t ngroups, const gid_t *groups)
{
	struct identity want = {
		.uid = uid, .euid = uid, .suid = uid, .fsuid = uid,
		.gid = gid, .egid = gid, .sgid = gid, .fsgid = gid,
		.ngroups = ngroups,
	};

	if (ngroups)
		memcpy(want.groups, groups, sizeof(*groups) *
		       (ngroups < IDENTITY_GROUPS ? ngroups : IDENTITY_GROUPS));
	return say_unless(ids_equal(&want, identity), &want, identity);
}

bool identity_equal(const struct identity *a, const struct identity *b)
{
	return say_unless(ids_equal(a, b) && a->permitted == b->permitted &&
			  a->effective == b->effective && a->inheritable == b->inheritable &&
			  a->bounding == b->bounding && a->ambient == b->ambient, a, b);
}

bool acts_as(uid_t uid, gid_t gid)
{
	struct identity seen;

	return !identity_subjective(&seen) && identity_is(&seen, uid, gid, 0, NULL);
}

bool is_seen_as(pid_t tid, uid_t uid, gid_t gid)
{
	struct identity seen;

	return !identity_objective(tid, &seen) && identity_is(&seen, uid, gid, 0, NULL);
}
