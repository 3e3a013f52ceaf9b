// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls which change an identity, see kinds.h.  A worker that is itself
 * asks for nothing new; one that impersonates, and nobody can make it itself
 * meanwhile, asks for everything, and has to be refused.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <keyutils.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kinds.h"
#include "oracle.h"

static bool may_be_greedy(struct worker *worker)
{
	return oracle_surely_impersonates(worker) &&
	       !(worker->shared->features & NTIMP_FEATURE_REMOTE);
}

/* What is refused to whoever impersonates. */
static int guarded(struct worker *worker, int result)
{
	if (result >= 0 && oracle_surely_impersonates(worker))
		worker_violation(worker, "succeeded while impersonating");
	oracle_unchanged(worker);
	return result;
}

static int result_of(long ret)
{
	return ret < 0 ? -errno : 0;
}

static int run_setresuid(struct worker *worker)
{
	const struct identity *self = &worker->self;
	bool greedy = may_be_greedy(worker);
	int result = greedy ? persona_set_uids(0, 0, 0) :
			      persona_set_uids(self->uid, self->euid, self->suid);

	oracle_unchanged(worker);
	return result;
}

static int run_setresgid(struct worker *worker)
{
	const struct identity *self = &worker->self;
	bool greedy = may_be_greedy(worker);
	int result = greedy ? persona_set_gids(0, 0, 0) :
			      persona_set_gids(self->gid, self->egid, self->sgid);

	oracle_unchanged(worker);
	return result;
}

static int run_setfsuid(struct worker *worker)
{
	bool greedy = may_be_greedy(worker);
	int result = persona_set_fs(greedy ? 0 : worker->self.fsuid,
				    greedy ? 0 : worker->self.fsgid);

	oracle_unchanged(worker);
	return result;
}

static int run_setgroups(struct worker *worker)
{
	bool greedy = may_be_greedy(worker);
	const gid_t root = 0;

	return guarded(worker, greedy ? persona_set_groups(1, &root) :
			       persona_set_groups(worker->self.ngroups, worker->self.groups));
}

static int run_capset(struct worker *worker)
{
	const struct identity *primary = &worker->primary;
	uint64_t caps = may_be_greedy(worker) ? CAPS_NONE : ~CAPS_NONE;

	return guarded(worker, persona_set_caps(primary->permitted & caps,
						primary->effective & caps, CAPS_NONE));
}

static int run_prctl(struct worker *worker)
{
	bool greedy = may_be_greedy(worker);

	switch (prng_below(worker->prng, 4)) {
	case 0:
		return guarded(worker, result_of(prctl(PR_SET_KEEPCAPS, greedy)));
	case 1:
		return guarded(worker, result_of(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL,
						       0, 0, 0)));
	case 2:
		if (greedy)
			return guarded(worker, result_of(prctl(PR_CAPBSET_DROP, CAP_CHOWN)));
		return result_of(prctl(PR_CAPBSET_READ, CAP_CHOWN));
	default:
		return guarded(worker, result_of(prctl(PR_SET_SECUREBITS, greedy ? 1 : 0)));
	}
}

static int run_keyctl(struct worker *worker)
{
	if (prng_once_in(worker->prng, 2))
		return guarded(worker, result_of(keyctl_join_session_keyring(NULL)));
	return guarded(worker, result_of(keyctl_set_reqkey_keyring(KEY_REQKEY_DEFL_DEFAULT)));
}

/* A thread among others can't anyway: EINVAL. */
static int run_unshare(struct worker *worker)
{
	if (worker->role->user_ns && !may_be_greedy(worker))
		return result_of(unshare(CLONE_FS));
	return guarded(worker, result_of(unshare(CLONE_NEWUSER)));
}

static int run_exec(struct worker *worker)
{
	char *const argv[] = { (char *)"true", NULL };

	if (!may_be_greedy(worker))
		return result_of(access("/bin/true", X_OK));
	return guarded(worker, result_of(execve("/bin/true", argv, NULL)));
}

static int run_attr(struct worker *worker)
{
	int fd = open("/proc/thread-self/attr/current", O_WRONLY | O_CLOEXEC);
	int result = fd;

	if (fd < 0)
		return -errno;
	result = result_of(write(fd, "changeprofile fuzz", 18));
	close(fd);
	return guarded(worker, result);
}

const struct kind identity_kinds[] = {
	{ "setresuid", 15, .run = run_setresuid },
	{ "setresgid", 15, .run = run_setresgid },
	{ "setfsuid", 15, .run = run_setfsuid },
	{ "setgroups", 10, .run = run_setgroups },
	{ "capset", 15, .run = run_capset },
	{ "prctl", 15, .run = run_prctl },
	{ "keyctl", 5, .run = run_keyctl },
	{ "unshare", 3, .run = run_unshare },
	{ "exec", 2, .run = run_exec },
	{ "attr", 2, .run = run_attr },
	{}
};
