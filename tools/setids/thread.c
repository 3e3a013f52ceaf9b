// SPDX-License-Identifier: LGPL-2.1-only
/*
 * Who each thread is: to the program, and to the kernel.
 *
 * A thread is served as long as its real and saved ids are those that it has itself: it
 * can go back then, which is all that a context is good for.  In everything else it is
 * settled first, so that the kernel has what the program asked for, and the call made
 * as it is.  So the rights that a thread has are those it asked for or fewer, and what
 * the kernel refuses is refused.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "contexts.h"
#include "thread.h"

/**
 * struct state - the calling thread
 * @known: the rest is valid
 * @generation: of all threads' ids when @primary was read
 * @worn: it acts as a client
 * @primary: what the kernel takes it for
 * @wanted: what the program takes it for; the same if not @worn
 * @caps: its capabilities if @worn, when the kernel lets nothing change them
 */
struct state {
	bool known;
	bool worn;
	unsigned int generation;
	struct identity primary;
	struct identity wanted;
	struct caps caps;
};

static __thread struct state self;
/* Forgets a thread when it ends. */
static pthread_key_t ends;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* How many threads are worn; -1: all threads are changed just now. */
static int wearers;
static unsigned int generation;
static bool reporting;
static unsigned long served, settled;

static void forget(struct state *state)
{
	identity_drop(&state->primary);
	identity_drop(&state->wanted);
	state->known = false;
}

static void count_wearer(void)
{
	int now = __atomic_load_n(&wearers, __ATOMIC_RELAXED);

	for (;;) {
		if (now < 0) {
			sched_yield();
			now = __atomic_load_n(&wearers, __ATOMIC_RELAXED);
		} else if (__atomic_compare_exchange_n(&wearers, &now, now + 1, true,
						       __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
			return;
		}
	}
}

static void take_off(struct state *state)
{
	contexts_revert();
	state->worn = false;
	__atomic_sub_fetch(&wearers, 1, __ATOMIC_RELEASE);
}

static void end(void *state)
{
	if (((struct state *)state)->worn)
		take_off(state);
	forget(state);
}

static void make_key(void)
{
	/* Without it a thread that ends would leave memory behind, no more. */
	if (pthread_key_create(&ends, end))
		abort();
}

static int read_self(void)
{
	self.generation = __atomic_load_n(&generation, __ATOMIC_ACQUIRE);
	if (identity_read(&self.primary))
		return -1;
	if (identity_copy(&self.wanted, &self.primary)) {
		identity_drop(&self.primary);
		return -1;
	}
	self.known = true;
	pthread_once(&once, make_key);
	pthread_setspecific(ends, &self);
	return 0;
}

const struct identity *thread_identity(void)
{
	/* A worn one is not changed by others, see thread_begin_all(). */
	if (self.known && !self.worn &&
	    self.generation != __atomic_load_n(&generation, __ATOMIC_ACQUIRE))
		forget(&self);
	if (!self.known && read_self())
		return NULL;
	return &self.wanted;
}

bool thread_is_worn(void)
{
	return self.worn;
}

const struct identity *thread_wanted(void)
{
	return &self.wanted;
}

/* --- serving ----------------------------------------------------------------- */

/*
 * Either the file system's ids alone are others, or they are the effective ones, as
 * each change of these makes them.
 */
static bool can_be_worn(const struct identity *next)
{
	const struct identity *primary = &self.primary;

	return next->ruid == primary->ruid && next->suid == primary->suid &&
		next->rgid == primary->rgid && next->sgid == primary->sgid &&
		primary->fsuid == primary->euid && primary->fsgid == primary->egid &&
		(next->euid == primary->euid || next->euid == next->fsuid) &&
		(next->egid == primary->egid || next->egid == next->fsgid);
}

static bool one_of(uid_t id, uid_t a, uid_t b, uid_t c, uid_t d)
{
	return id == a || id == b || id == c || id == d;
}

/* Those which go and come with the file system user. */
#define CAP_BIT(cap)	(1ULL << (cap))
#define CAPS_FILES	(CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_DAC_OVERRIDE) |			\
			 CAP_BIT(CAP_DAC_READ_SEARCH) | CAP_BIT(CAP_FOWNER) |		\
			 CAP_BIT(CAP_FSETID) | CAP_BIT(CAP_LINUX_IMMUTABLE) |		\
			 CAP_BIT(CAP_MKNOD) | CAP_BIT(CAP_MAC_OVERRIDE))

/* Who comes back to being user 0 has again what it had put off, from the kernel. */
static bool would_regain(const struct identity *next, const struct caps *caps)
{
	uint64_t off = caps->permitted & ~caps->effective;

	return (!self.primary.fsuid && next->fsuid && off & CAPS_FILES) ||
		(!self.primary.euid && next->euid && off);
}

/* The kernel would let the program do it, as far as that is simple to say. */
static bool is_allowed(const struct identity *next, uint64_t caps, uint64_t needed)
{
	const struct identity *now = &self.wanted;

	/* Who gives up being user 0 gives these up, too. */
	if (!self.primary.euid && now->euid)
		caps = 0;
	if (needed & ~caps)
		return false;
	if (!(caps & CAP_BIT(CAP_SETUID)) &&
	    (!one_of(next->euid, now->ruid, now->euid, now->suid, now->euid) ||
	     !one_of(next->fsuid, now->ruid, now->euid, now->suid, now->fsuid)))
		return false;
	return caps & CAP_BIT(CAP_SETGID) ||
		(one_of(next->egid, now->rgid, now->egid, now->sgid, now->egid) &&
		 one_of(next->fsgid, now->rgid, now->egid, now->sgid, now->fsgid) &&
		 identity_same_groups(next, now));
}

/* As oneself with other groups, or as a client, who has no capabilities. */
static bool wear(const struct identity *next, const struct caps *caps)
{
	bool itself = next->fsuid == self.primary.fsuid && next->euid == self.primary.euid;
	struct client client = {
		.uid = next->fsuid,
		.gid = next->fsgid,
		.caps = itself ? caps->effective : 0,
		.groups = next->groups,
		.ngroups = next->ngroups,
	};

	if (!self.worn) {
		count_wearer();
		/* What it was to be was thought of before all threads were changed. */
		if (self.generation != __atomic_load_n(&generation, __ATOMIC_ACQUIRE))
			goto out_not_worn;
	}
	if (!contexts_wear(&client)) {
		self.worn = true;
		self.caps = *caps;
		return true;
	}
out_not_worn:
	if (!self.worn)
		__atomic_sub_fetch(&wearers, 1, __ATOMIC_RELEASE);
	return false;
}

bool thread_serve(struct identity *next, uint64_t needed)
{
	struct caps caps = self.worn ? self.caps : identity_caps();
	bool good;

	good = can_be_worn(next) && is_allowed(next, caps.effective, needed) &&
		!would_regain(next, &caps);
	if (good && identity_same(next, &self.primary)) {
		if (self.worn)
			take_off(&self);
	} else {
		good = good && wear(next, &caps);
	}
	if (!good) {
		if (next->groups != self.wanted.groups)
			identity_drop(next);
		return false;
	}
	if (next->groups != self.wanted.groups)
		identity_drop(&self.wanted);
	self.wanted = *next;
	if (reporting)
		__atomic_add_fetch(&served, 1, __ATOMIC_RELAXED);
	return true;
}

/* --- what is not served -------------------------------------------------------- */

void thread_settle(void)
{
	int saved = errno;
	sigset_t all, before;

	if (!self.worn)
		return;
	/* A handler must not run as the program's own identity meanwhile. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	take_off(&self);
	if (identity_make(&self.primary, &self.wanted)) {
		fprintf(stderr, "ntimp-setids: a thread cannot become what it was to be: %m\n"
			"  -> the process ends, since it must not go on with more rights\n");
		abort();
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (reporting)
		__atomic_add_fetch(&settled, 1, __ATOMIC_RELAXED);
	thread_read_again();
	errno = saved;
}

void thread_read_again(void)
{
	int saved = errno;

	forget(&self);
	/* Otherwise when it is needed. */
	(void)!read_self();
	errno = saved;
}

int thread_begin_all(void)
{
	int nobody = 0;

	thread_settle();
	if (!__atomic_compare_exchange_n(&wearers, &nobody, -1, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return -EAGAIN;
	return 0;
}

void thread_end_all(void)
{
	__atomic_add_fetch(&generation, 1, __ATOMIC_RELEASE);
	__atomic_store_n(&wearers, 0, __ATOMIC_RELEASE);
	thread_read_again();
}

/* --- the process ----------------------------------------------------------------- */

/* What a child begins as is what the kernel takes the thread for. */
static void before_fork(void)
{
	thread_settle();
	contexts_hold();
}

static void after_fork(void)
{
	contexts_release();
}

static void after_fork_in_child(void)
{
	contexts_release_in_child();
	wearers = 0;
}

__attribute__((constructor)) static void begin(void)
{
	reporting = getenv("NTIMP_SETIDS_REPORT");
	contexts_begin();
	if (pthread_atfork(before_fork, after_fork, after_fork_in_child))
		abort();
}

__attribute__((destructor)) static void report(void)
{
	const char *as = getenv("NTIMP_SETIDS_REPORT");

	if (!reporting)
		return;
	fprintf(stderr, as && !strcmp(as, "json") ?
		"{\"changes_served\":%lu,\"contexts_made\":%lu,\"times_settled\":%lu}\n" :
		"ntimp-setids: %lu changes served, %lu contexts made, %lu times settled\n",
		served, contexts_made(), settled);
}
