// SPDX-License-Identifier: GPL-2.0-only
/* What must hold after a call, see oracle.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "device.h"
#include "oracle.h"

#define OVERFLOW_ID	65534

/* What makes the mode of a file meaningless. */
#define CAPS_DAC	(CAP_BIT(CAP_DAC_OVERRIDE) | CAP_BIT(CAP_DAC_READ_SEARCH))

static bool nobody_meddled(const struct worker *worker)
{
	return worker->seat->meddling == worker->seen && worker->seat->meddled == worker->seen;
}

bool oracle_is_sure(struct worker *worker)
{
	return worker->sure && nobody_meddled(worker);
}

bool oracle_surely_impersonates(struct worker *worker)
{
	return oracle_is_sure(worker) && worker->acting_id;
}

/* Capabilities are not asked: the kernel tells nobody those of who impersonates. */
static bool same_ids(const struct identity *a, const struct identity *b)
{
	size_t kept = a->ngroups < IDENTITY_GROUPS ? a->ngroups : IDENTITY_GROUPS;

	return a->uid == b->uid && a->euid == b->euid && a->suid == b->suid &&
	       a->fsuid == b->fsuid && a->gid == b->gid && a->egid == b->egid &&
	       a->sgid == b->sgid && a->fsgid == b->fsgid && a->ngroups == b->ngroups &&
	       !memcmp(a->groups, b->groups, kept * sizeof(*a->groups));
}

static bool is_nobody(const struct identity *identity)
{
	return identity->uid == OVERFLOW_ID && identity->euid == OVERFLOW_ID &&
	       identity->suid == OVERFLOW_ID && identity->fsuid == OVERFLOW_ID &&
	       identity->gid == OVERFLOW_ID && identity->egid == OVERFLOW_ID &&
	       identity->sgid == OVERFLOW_ID && identity->fsgid == OVERFLOW_ID &&
	       !identity->ngroups;
}

/* Which it must be, of those that it may be, said by identity_equal(). */
static void expect_ids(struct worker *worker, const struct identity *expected,
		       const struct identity *now, const char *what)
{
	if (same_ids(expected, now))
		return;
	worker_violation(worker, "%s (context %" PRId64 ", level %u)", what, worker->acting_id,
			 worker->acting_level);
	identity_equal(expected, now);
}

static bool is_root_here(const struct identity *identity)
{
	return !identity->uid || !identity->euid || !identity->suid || !identity->fsuid;
}

/* What a role can never be, whatever context it got from whom. */
static void check_role(struct worker *worker, const struct identity *now)
{
	const struct role *role = worker->role;
	bool own_numbers = worker->acting_user_ns == worker->own_user_ns;

	if (!worker->acting_id || worker->acting_level < NTIMP_LEVEL_IMPERSONATION)
		return;
	/* Who owns a namespace has all capabilities there. */
	if (!role->sets_ids && own_numbers)
		expect_ids(worker, &worker->self, now, "acts as somebody else, without the right");
	if (!role->root && !role->user_ns && own_numbers && is_root_here(now))
		worker_violation(worker, "acts as root");
	if (role->user_ns && !own_numbers)
		worker_violation(worker, "acts as somebody outside its user namespace");
}

static void check_client(struct worker *worker, const struct identity *now)
{
	struct identity client;

	if (worker->acting_level == NTIMP_LEVEL_ANONYMOUS) {
		if (!is_nobody(now))
			worker_violation(worker, "Anonymous is somebody: user %u", now->euid);
		return;
	}
	if (worker->acting_level == NTIMP_LEVEL_IDENTIFICATION && is_nobody(now))
		return;
	if (client_known(worker->shared, worker->acting_id, &client)) {
		worker->seat->strict++;
		expect_ids(worker, &client, now, "acts as somebody else than the client");
	}
}

static void be_itself(struct worker *worker)
{
	worker->acting = worker->self;
	worker->acting.effective = worker->primary.effective;
	worker->acting_id = 0;
	worker->acting_level = NTIMP_LEVEL_DELEGATION;
	worker->acting_user_ns = worker->own_user_ns;
}

static void wear(struct worker *worker, const struct ntimp_info *info, const struct identity *now)
{
	worker->acting = *now;
	worker->acting.effective = info->cap_effective;
	worker->acting_id = info->id ? (int64_t)info->id : -1;
	worker->acting_level = info->qos.level;
	worker->acting_user_ns = info->user_ns;
}

void oracle_look(struct worker *worker)
{
	struct ntimp_info info = { .size = sizeof(info) };
	struct identity now;
	int err, failed;

	worker->sure = false;
	worker->seen = worker->seat->meddled;
	err = device_query_thread(worker->shared->dev, &info);
	failed = identity_subjective(&now);
	if (!nobody_meddled(worker))
		return;

	worker->seat->checks++;
	worker->sure = true;
	if (failed || (err && err != -ENOENT)) {
		worker_violation(worker, "does not get to know who it is: %s, %s",
				 strerrorname_np(-err) ?: "0", strerrorname_np(-failed) ?: "0");
	} else if (err) {
		be_itself(worker);
		worker->seat->strict++;
		expect_ids(worker, &worker->self, &now, "is not itself");
	} else {
		wear(worker, &info, &now);
		check_client(worker, &now);
		check_role(worker, &now);
	}
}

void oracle_unchanged(struct worker *worker)
{
	struct identity now;

	if (!oracle_is_sure(worker)) {
		oracle_look(worker);
		return;
	}
	if (identity_subjective(&now))
		worker_violation(worker, "does not get to know who it is");
	else if (!nobody_meddled(worker))
		return;
	worker->seat->checks++;
	worker->seat->strict++;
	expect_ids(worker, &worker->acting, &now, "acts as somebody else than before");
}

/* Look, and see whether it still impersonates, if that is for the worker alone to say. */
static void look_for(struct worker *worker, bool impersonating)
{
	bool was_sure = worker->sure;
	unsigned int seen = worker->seen;

	oracle_look(worker);
	if (!was_sure || !worker->sure || worker->seen != seen)
		return;
	if (impersonating != !!worker->acting_id)
		worker_violation(worker, "%s", impersonating ? "does not impersonate" :
							       "still impersonates");
}

void oracle_impersonates(struct worker *worker)
{
	look_for(worker, true);
}

void oracle_reverted(struct worker *worker)
{
	look_for(worker, false);
}

/* Nothing that depends on what may have changed meanwhile. */
static void check_opened(struct worker *worker, const struct known_file *file)
{
	if (!worker->role->root && file == &known_files[ROOTS_FILE])
		worker_violation(worker, "opened root's file");
	if (worker->role->landlock)
		worker_violation(worker, "opened %s, out of its Landlock domain", file->name);
}

static bool is_lack_of_room(int result)
{
	return result == -ENOMEM || result == -EMFILE || result == -ENFILE;
}

void oracle_opened(struct worker *worker, const struct known_file *file, int result)
{
	bool may = file_is_readable(file, &worker->acting) && !worker->role->landlock;

	if (!result)
		check_opened(worker, file);
	if (!oracle_is_sure(worker) || is_lack_of_room(result))
		return;
	worker->seat->checks++;
	if (worker->acting_level < NTIMP_LEVEL_IMPERSONATION) {
		if (!result)
			worker_violation(worker, "opened %s at level %u", file->name,
					 worker->acting_level);
		return;
	}
	/* Numbers of other namespaces, capabilities and that many groups are not weighed here. */
	if (worker->role->user_ns || worker->acting_user_ns != worker->own_user_ns ||
	    worker->acting.effective & CAPS_DAC || worker->acting.ngroups > IDENTITY_GROUPS)
		return;
	worker->seat->strict++;
	/* A context that was revoked may be worn, and be worth less. */
	if (may && result && !(worker->shared->features & NTIMP_FEATURE_REVOKE))
		worker_violation(worker, "was refused %s as user %u: %s", file->name,
				 worker->acting.fsuid, strerrorname_np(-result));
	if (!may && !result)
		worker_violation(worker, "opened %s as user %u", file->name, worker->acting.fsuid);
}

/* With O_PATH it is the name of a file, which anybody may have, and not the file. */
void oracle_got_file(struct worker *worker, int fd)
{
	int flags = fcntl(fd, F_GETFL);
	struct stat st;

	if (fstat(fd, &st) || worker->role->root)
		return;
	if (st.st_ino == worker->shared->roots_file && !(flags & O_PATH))
		worker_violation(worker, "was given root's file, with flags %o", flags);
}
