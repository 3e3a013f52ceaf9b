// SPDX-License-Identifier: GPL-2.0-only
/*
 * Proves that this process may act as a client, and that the client's identity
 * is one that a process can have for good.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

#include <linux/capability.h>

#include "describe.h"
#include "failure.h"
#include "own.h"
#include "prove.h"

static int check_level(const struct ntimp_info *client)
{
	if (client->qos.level >= NTIMP_LEVEL_IMPERSONATION)
		return EX_OK;
	return failure(EX_NOPERM, "the client has to allow level impersonation",
		       "the client allows level %s: to ask who it is at most, not to act as it",
		       level_name(client->qos.level));
}

static int check_namespace(const struct ntimp_info *client)
{
	unsigned int own = own_user_namespace();

	if (own && client->user_ns == own)
		return EX_OK;
	return failure(EX_NOPERM, "run it there: nsenter --user --target PID -- ntimp exec-as ...",
		       "the client is of user namespace %u, not of this one (%u): its ids "
		       "mean somebody else here", client->user_ns, own);
}

/*
 * execve() makes the saved and file ids the same as the effective ones; and,
 * without new privileges or when traced, these the same as the real ones.
 */
static int check_ids(const struct ntimp_info *client)
{
	if (client->uid == client->euid && client->suid == client->euid &&
	    client->fsuid == client->euid && client->gid == client->egid &&
	    client->sgid == client->egid && client->fsgid == client->egid)
		return EX_OK;
	return failure(EX_DATAERR, "choose one of its identities: --uid, --gid and --groups",
		       "the client's real, effective, saved and file ids differ "
		       "(users %u, %u, %u, %u, groups %u, %u, %u, %u), which no command could keep",
		       client->uid, client->euid, client->suid, client->fsuid,
		       client->gid, client->egid, client->sgid, client->fsgid);
}

/* The gate has said no: which of its rules was it? */
static int explain_gate(const struct ntimp_info *client)
{
	bool root = !client->uid || !client->euid || !client->suid || !client->fsuid;
	struct own_caps own;

	if (root && geteuid())
		return failure(EX_NOPERM, "run it as root, or load the module with "
			       "allow_root_clients=1 if you know what that opens",
			       "the client is root, and who calls is not");
	if (own_capabilities(&own))
		own.effective = 0;
	if (!(own.effective >> CAP_SETUID & 1) || !(own.effective >> CAP_SETGID & 1))
		return failure(EX_NOPERM, "run it as root",
			       "to act as the client takes%s%s",
			       own.effective >> CAP_SETUID & 1 ? "" : " CAP_SETUID",
			       own.effective >> CAP_SETGID & 1 ? "" : " CAP_SETGID");
	return failure(EX_NOPERM, "a security module may have its say too: see its log",
		       "who calls may not act as the client");
}

/*
 * No way out but to end if it goes wrong half way: as the client this process
 * must do nothing else.
 */
static int wear(int ctx, struct identity *worn)
{
	int err;

	if (ntimp_impersonate(ctx))
		return -1;
	err = identity_of_thread(0, worn);
	if (ntimp_revert())
		abort();
	return err;
}

/*
 * Impersonates and reverts.  Fills client with who it was; tells why not and
 * returns the exit status for it.
 */
int prove(int ctx, struct identity *client)
{
	struct identity worn;
	int status;

	if (identity_of_context(ctx, client))
		return failure_explained(NULL, "the context cannot be asked");
	status = check_level(&client->info);
	if (!status)
		status = check_namespace(&client->info);
	if (!status)
		status = check_ids(&client->info);
	if (status)
		return status;

	if (wear(ctx, &worn))
		return errno == EPERM ? explain_gate(&client->info) :
			failure_explained(NULL, "the client cannot be impersonated");
	if (!identity_equal(client, &worn))
		return failure(EX_SOFTWARE, "report this: the context changed while it was used",
			       "who was impersonated is not the client of the context");
	identity_free(&worn);
	return EX_OK;
}
