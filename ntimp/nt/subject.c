// SPDX-License-Identifier: GPL-2.0-only
/*
 * Subject contexts: on whose behalf a request is made.
 */
#include <linux/export.h>
#include <linux/lockdep.h>
#include <linux/pid.h>
#include <linux/sched.h>

#include <linux/nt/security.h>

#include "thread.h"
#include "token.h"

/**
 * SeCaptureSubjectContext - on whose behalf does the calling thread act?
 * @subject_context: filled, for SeReleaseSubjectContext()
 *
 * Context: process context, may sleep.
 */
VOID SeCaptureSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context)
{
	SeCaptureSubjectContextEx(PsGetCurrentThread(), PsGetCurrentProcess(),
				  subject_context);
}
EXPORT_SYMBOL_GPL(SeCaptureSubjectContext);

/**
 * SeCaptureSubjectContextEx - on whose behalf does a thread act?
 * @thread: the thread; the caller holds a reference on it; NULL: only @process counts
 * @process: its process, which is the thread itself here; the caller holds a
 *	reference on it
 * @subject_context: filled, for SeReleaseSubjectContext().  Where a token can't be had
 *	it is nobody's, see PsReferenceImpersonationToken() and
 *	PsReferencePrimaryToken().
 *
 * Context: process context, may sleep.
 */
VOID SeCaptureSubjectContextEx(PETHREAD thread, PEPROCESS process,
			       PSECURITY_SUBJECT_CONTEXT subject_context)
{
	BOOLEAN copy_on_open, effective_only;
	struct task_struct *task = (struct task_struct *)process;

	*subject_context = (SECURITY_SUBJECT_CONTEXT) {
		.ProcessAuditId	= (PVOID)(ULONG_PTR)task_tgid_nr(task),
	};
	if (thread)
		subject_context->ClientToken =
			PsReferenceImpersonationToken(thread, &copy_on_open, &effective_only,
						      &subject_context->ImpersonationLevel);
	subject_context->PrimaryToken = PsReferencePrimaryToken(process);
}
EXPORT_SYMBOL_GPL(SeCaptureSubjectContextEx);

/**
 * SeLockSubjectContext - keep the tokens of a subject as they are
 * @subject_context: the subject
 *
 * A client who is followed is not looked at again until SeUnlockSubjectContext().
 * Nobody ever waits for that, so that everything else can be done with the tokens
 * meanwhile.
 *
 * Context: process context, may sleep.
 */
VOID SeLockSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context)
{
	down_read(&nt_token_from(subject_context->PrimaryToken)->lock);
	if (subject_context->ClientToken)
		down_read_nested(&nt_token_from(subject_context->ClientToken)->lock,
				 SINGLE_DEPTH_NESTING);
}
EXPORT_SYMBOL_GPL(SeLockSubjectContext);

/**
 * SeUnlockSubjectContext - let the tokens of a subject change again
 * @subject_context: the subject, locked by the calling thread
 *
 * Context: process context.
 */
VOID SeUnlockSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context)
{
	if (subject_context->ClientToken)
		up_read(&nt_token_from(subject_context->ClientToken)->lock);
	up_read(&nt_token_from(subject_context->PrimaryToken)->lock);
}
EXPORT_SYMBOL_GPL(SeUnlockSubjectContext);

/**
 * SeReleaseSubjectContext - give up a subject context
 * @subject_context: the subject, not locked; without tokens afterwards
 *
 * Context: process context.
 */
VOID SeReleaseSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context)
{
	PsDereferencePrimaryToken(subject_context->PrimaryToken);
	PsDereferenceImpersonationToken(subject_context->ClientToken);
	subject_context->PrimaryToken = NULL;
	subject_context->ClientToken = NULL;
}
EXPORT_SYMBOL_GPL(SeReleaseSubjectContext);
