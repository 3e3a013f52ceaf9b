// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tokens of the peers of sockets: what a server of NT has of the clients of its
 * pipes.
 *
 * A pipe's client is who sent the last message that was read; a socket's is who
 * connected, whatever becomes of that one later.
 */
#include <linux/err.h>
#include <linux/export.h>
#include <linux/ntimp.h>

#include <linux/nt/linux.h>
#include <linux/nt/ntstatus.h>

#include "token.h"

static NTSTATUS status_of(int err)
{
	switch (err) {
	case -ENOTCONN:
		return STATUS_CANNOT_IMPERSONATE;
	case -EPERM:
		return STATUS_BAD_IMPERSONATION_LEVEL;
	default:
		return NtimpStatusFromErrno(err);
	}
}

/**
 * NtimpReferencePeerToken - make a token of whom a socket is connected to
 * @sock: an AF_UNIX socket
 * @qos: how far the server may go.  As on NT, where a transport can't follow its
 *	client it falls back: tracking is static, whatever @qos says.
 * @token: filled with an impersonation token, for PsImpersonateClient(), which
 *	ends with one ObDereferenceObject(); left alone on failure
 *
 * The client as it acted when it connected, see ntimp_capture_peer().
 *
 * Context: process context, may sleep.
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER: no such level;
 * STATUS_CANNOT_IMPERSONATE: the socket has no peer; STATUS_NOT_SUPPORTED: not an
 * AF_UNIX socket; STATUS_BAD_IMPERSONATION_LEVEL: the peer impersonated, at a lower
 * level than asked for; STATUS_NO_MEMORY; the status of -EDQUOT.
 */
NTSTATUS NtimpReferencePeerToken(struct socket *sock, PSECURITY_QUALITY_OF_SERVICE qos,
				 PACCESS_TOKEN *token)
{
	const struct ntimp_qos core = {
		.level		= qos->ImpersonationLevel,
		.effective_only	= !!qos->EffectiveOnly,
	};
	struct ntimp_context *ctx;
	struct nt_token *made;

	if (!VALID_IMPERSONATION_LEVEL(qos->ImpersonationLevel))
		return STATUS_INVALID_PARAMETER;
	ctx = ntimp_capture_peer(sock, &core);
	if (IS_ERR(ctx))
		return status_of(PTR_ERR(ctx));
	made = nt_token_create(TokenImpersonation, qos->ImpersonationLevel, ctx);
	if (IS_ERR(made))
		return status_of(PTR_ERR(made));
	*token = made;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NtimpReferencePeerToken);
