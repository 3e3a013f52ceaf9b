// SPDX-License-Identifier: GPL-2.0-only
/*
 * Client contexts: a client that a server may act as, for as long as it likes, and
 * what it takes to act as one.
 *
 * A static context has a token of its own, a snapshot.  A dynamic one has the
 * client's, whether the server is remote or not, as ReactOS has it: the documentation
 * of NT would have a copy for a remote one.  Either way it is the token that lasts,
 * not the client.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/sched.h>

#include <linux/nt/linux.h>
#include <linux/nt/ntstatus.h>
#include <linux/nt/security.h>

#include "effective.h"
#include "impersonation.h"
#include "thread.h"
#include "token.h"

/* As whom a thread acts, or who it is: then the level says nothing. */
static int client_of_thread(struct task_struct *task, struct nt_terms *client,
			    bool *impersonates)
{
	int got = nt_terms_get(task, client);

	if (got < 0)
		return got;
	*impersonates = got;
	if (!got)
		*client = (struct nt_terms) { .token = nt_token_primary(task) };
	return PTR_ERR_OR_ZERO(client->token);
}

/* Somebody who acts as another passes on no more than there is. */
static bool may_pass_on(const struct nt_terms *client,
			const SECURITY_QUALITY_OF_SERVICE *qos, bool remote)
{
	return qos->ImpersonationLevel <= client->level &&
	       client->level >= SecurityImpersonation &&
	       (!remote || client->level == SecurityDelegation);
}

static NTSTATUS context_fill(PSECURITY_CLIENT_CONTEXT context,
			     const struct nt_terms *client,
			     const SECURITY_QUALITY_OF_SERVICE *qos, bool remote)
{
	bool dynamic = qos->ContextTrackingMode == SECURITY_DYNAMIC_TRACKING;
	SECURITY_CLIENT_CONTEXT filled = {
		.SecurityQos = {
			.Length			= sizeof(*qos),
			.ImpersonationLevel	= qos->ImpersonationLevel,
			.ContextTrackingMode	= qos->ContextTrackingMode,
			.EffectiveOnly		= qos->EffectiveOnly,
		},
		.DirectlyAccessClientToken	= dynamic,
		.DirectAccessEffectiveOnly	= client->effective_only ||
						  qos->EffectiveOnly,
		.ServerIsRemote			= remote,
	};
	struct nt_token *token;

	if (dynamic)
		token = nt_token_get(client->token);
	else
		token = nt_token_duplicate(client->token, qos->ImpersonationLevel,
					   qos->EffectiveOnly);
	if (IS_ERR(token))
		return NtimpStatusFromErrno(PTR_ERR(token));
	if (dynamic && remote)
		nt_token_control(token, &filled.ClientTokenControl);
	filled.ClientToken = token;
	*context = filled;
	return STATUS_SUCCESS;
}

/**
 * SeCreateClientSecurity - make a client context of a thread
 * @client_thread: the client; the caller holds a reference on it
 * @qos: how far the server may go; Length is not looked at
 * @server_is_remote: the server will be on another machine
 * @client_context: filled, for SeDeleteClientSecurity(); left alone on failure
 *
 * Of whom the thread acts as, or who it is.
 *
 * Context: process context, may sleep.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER: no such level;
 * STATUS_BAD_IMPERSONATION_LEVEL: the thread impersonates, and that at a lower level
 * than asked for, below Impersonation, or for a remote server below Delegation;
 * STATUS_ACCESS_DENIED: the calling thread may not look at the client;
 * STATUS_NO_MEMORY; the statuses of -EDQUOT, -EKEYREVOKED and -EKEYEXPIRED.
 */
NTSTATUS SeCreateClientSecurity(PETHREAD client_thread, PSECURITY_QUALITY_OF_SERVICE qos,
				BOOLEAN server_is_remote,
				PSECURITY_CLIENT_CONTEXT client_context)
{
	struct nt_terms client;
	bool impersonates;
	NTSTATUS status;
	int err;

	if (!VALID_IMPERSONATION_LEVEL(qos->ImpersonationLevel))
		return STATUS_INVALID_PARAMETER;
	err = client_of_thread(nt_task(client_thread), &client, &impersonates);
	if (err)
		return NtimpStatusFromErrno(err);
	if (impersonates && !may_pass_on(&client, qos, server_is_remote))
		status = STATUS_BAD_IMPERSONATION_LEVEL;
	else
		status = context_fill(client_context, &client, qos, server_is_remote);
	nt_token_put(client.token);
	return status;
}
EXPORT_SYMBOL_GPL(SeCreateClientSecurity);

/**
 * SeCreateClientSecurityFromSubjectContext - make a client context of a subject
 * @subject_context: the subject, locked or not
 * @qos: how far the server may go; Length is not looked at
 * @server_is_remote: the server will be on another machine
 * @client_context: filled, for SeDeleteClientSecurity(); left alone on failure
 *
 * As on NT the subject's EffectiveOnly is not passed on: a subject context doesn't
 * have it.
 *
 * Context: process context, may sleep.
 * Return: as SeCreateClientSecurity().
 */
NTSTATUS
SeCreateClientSecurityFromSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context,
					 PSECURITY_QUALITY_OF_SERVICE qos,
					 BOOLEAN server_is_remote,
					 PSECURITY_CLIENT_CONTEXT client_context)
{
	const struct nt_terms client = {
		.token	= nt_token_from(SeQuerySubjectContextToken(subject_context)),
		.level	= subject_context->ImpersonationLevel,
	};

	if (!VALID_IMPERSONATION_LEVEL(qos->ImpersonationLevel))
		return STATUS_INVALID_PARAMETER;
	if (subject_context->ClientToken && !may_pass_on(&client, qos, server_is_remote))
		return STATUS_BAD_IMPERSONATION_LEVEL;
	return context_fill(client_context, &client, qos, server_is_remote);
}
EXPORT_SYMBOL_GPL(SeCreateClientSecurityFromSubjectContext);

/**
 * SeImpersonateClientEx - let a thread act as the client of a context
 * @client_context: the context, which may be deleted at once
 * @server_thread: the thread; the caller holds a reference on it; NULL: the calling
 *	one
 *
 * Context: process context, may sleep, as PsImpersonateClient().
 * Return: as PsImpersonateClient(); STATUS_INVALID_PARAMETER also for a context that
 * wasn't created, whose ClientToken is NULL.
 */
NTSTATUS SeImpersonateClientEx(PSECURITY_CLIENT_CONTEXT client_context,
			       PETHREAD server_thread)
{
	BOOLEAN effective_only = client_context->DirectlyAccessClientToken ?
				 client_context->DirectAccessEffectiveOnly :
				 client_context->SecurityQos.EffectiveOnly;

	/* NT would stop impersonating, and go on as the server. */
	if (!client_context->ClientToken)
		return STATUS_INVALID_PARAMETER;
	return PsImpersonateClient(server_thread ?: PsGetCurrentThread(),
				   client_context->ClientToken, TRUE, effective_only,
				   client_context->SecurityQos.ImpersonationLevel);
}
EXPORT_SYMBOL_GPL(SeImpersonateClientEx);

/**
 * SeImpersonateClient - the same, without a status
 * @client_context: the context, which may be deleted at once
 * @server_thread: the thread; the caller holds a reference on it; NULL: the calling
 *	one
 *
 * Where NT lets the thread go on with the rights of the server, because it can't say
 * that it failed, this lets it act as nobody, who may do nothing, until it reverts.
 * The exceptions are a thread that can't be reached, see PsImpersonateClient(), one
 * inside an override of somebody else's, and a kernel that can't deny, see
 * ntimp_identify_arm(); the kernel log tells.
 *
 * Context: process context, may sleep, as PsImpersonateClient(); longer where there is
 * no memory.
 */
VOID SeImpersonateClient(PSECURITY_CLIENT_CONTEXT client_context, PETHREAD server_thread)
{
	PETHREAD thread = server_thread ?: PsGetCurrentThread();

	if (!NT_SUCCESS(SeImpersonateClientEx(client_context, thread)))
		nt_thread_deny(nt_task(thread));
}
EXPORT_SYMBOL_GPL(SeImpersonateClient);
