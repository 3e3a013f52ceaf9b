// SPDX-License-Identifier: GPL-2.0-only
/*
 * Makes this process the client for good: not an impersonation but the real
 * identity, as a login program sets it.  Any failure is final: the process is
 * neither the one nor the other then, and must end.
 */
#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sysexits.h>
#include <unistd.h>

#include <cap-ng.h>
#include <linux/keyctl.h>

#include "commit.h"
#include "failure.h"
#include "own.h"

/* In the order that the kernel keeps, also for a client. */
static int own_groups(gid_t **groups)
{
	int count = getgroups(0, NULL);

	*groups = count < 0 ? NULL : reallocarray(NULL, (size_t)count + 1, sizeof(gid_t));
	return *groups ? getgroups(count, *groups) : -1;
}

static bool groups_are(const struct identity *client)
{
	gid_t *groups;
	int count = own_groups(&groups);
	bool same = count >= 0 && (unsigned int)count == client->info.ngroups &&
		    !memcmp(groups, client->groups, (size_t)count * sizeof(gid_t));

	free(groups);
	return same;
}

/* setgroups() takes CAP_SETGID even where it would change nothing. */
static int commit_groups(const struct identity *client)
{
	if (groups_are(client))
		return 0;
	return setgroups(client->info.ngroups, client->groups);
}

/*
 * What execve() could give back: to user 0 at any time, to others with a file
 * that has capabilities.
 */
static int commit_bounding(const struct committed *wanted)
{
	bool root = !wanted->client->info.uid;
	uint64_t surplus = own_bounding() & ~wanted->caps;
	unsigned int cap;

	if (wanted->new_privileges && !root)
		return 0;
	for (cap = 0; cap < 64; cap++) {
		if (!(surplus >> cap & 1) || !prctl(PR_CAPBSET_DROP, cap, 0, 0, 0))
			continue;
		/* It takes CAP_SETPCAP; no_new_privs does the same for others. */
		return root ? -1 : 0;
	}
	return 0;
}

static int commit_capabilities(uint64_t caps)
{
	unsigned int cap;

	capng_clear(CAPNG_SELECT_CAPS);
	for (cap = 0; cap < 64; cap++)
		if (caps >> cap & 1)
			capng_update(CAPNG_ADD,
				     CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE, cap);
	if (capng_apply(CAPNG_SELECT_CAPS) ||
	    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0))
		return -1;
	for (cap = 0; cap < 64; cap++)
		if (caps >> cap & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0))
			return -1;
	return 0;
}

/* The keys of who calls are not the client's; a kernel without keys has none. */
static int commit_keyring(void)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 && errno != ENOSYS)
		return -1;
	return 0;
}

static bool committed(const struct committed *wanted)
{
	const struct ntimp_info *client = &wanted->client->info;
	struct own_caps caps;
	uid_t uid, euid, suid;
	gid_t gid, egid, sgid;

	return !getresuid(&uid, &euid, &suid) && !getresgid(&gid, &egid, &sgid) &&
	       uid == client->uid && euid == client->euid && suid == client->suid &&
	       gid == client->gid && egid == client->egid && sgid == client->sgid &&
	       (uid_t)setfsuid((uid_t)-1) == client->fsuid &&
	       (gid_t)setfsgid((gid_t)-1) == client->fsgid &&
	       groups_are(wanted->client) && !own_capabilities(&caps) &&
	       caps.permitted == wanted->caps && caps.effective == wanted->caps &&
	       caps.inheritable == wanted->caps && caps.ambient == wanted->caps;
}

static int refused(const char *step)
{
	static const struct explanation failures[] = {
		{ EPERM, EX_NOPERM, "not permitted",
		  "exec-as takes CAP_SETUID, CAP_SETGID and, for clients with uid 0, CAP_SETPCAP: "
		  "run it as root, outside of user namespaces that deny setgroups" },
		{ EDQUOT, EX_OSERR, "the client has too many keys",
		  "raise kernel.keys.maxkeys, or take keys from the client" },
		{ EAGAIN, EX_OSERR, "the client has too many processes",
		  "raise the client's limit: ulimit -u" },
		{ EINVAL, EX_DATAERR, "an id has no meaning here",
		  "look whether it is mapped in this user namespace" },
		{ 0 }
	};

	return failure_explained(failures, "the command was not started: %s", step);
}

/*
 * The capabilities of whom we are have to last until the ids are set, those of
 * the client from then on.  Tells what failed and returns the exit status.
 */
int commit(const struct committed *wanted)
{
	const struct ntimp_info *client = &wanted->client->info;

	if (commit_groups(wanted->client))
		return refused("setgroups");
	if (setresgid(client->gid, client->egid, client->sgid))
		return refused("setresgid");
	if (commit_bounding(wanted))
		return refused("the bounding set of capabilities");
	if (wanted->caps && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0))
		return refused("keeping capabilities over setresuid");
	if (setresuid(client->uid, client->euid, client->suid))
		return refused("setresuid");
	if (commit_capabilities(wanted->caps))
		return refused("capabilities");
	if (commit_keyring())
		return refused("a session keyring for the client");
	if (!wanted->new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return refused("no_new_privs");
	if (committed(wanted))
		return EX_OK;
	return failure(EX_SOFTWARE, "report this: the kernel took other ids than it was given",
		       "the command was not started: the identity did not take");
}
