// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who does a request: the part of the driver that came from NT, where it is built
 * from this very file.
 *
 * A box is opened by its creator, and whoever has it then, its requests are done
 * as the creator: in the thread that makes the request, or in a system thread.  A
 * request can also be done as its caller, in a system thread.
 */
#include <ntifs.h>
#include "security.h"

#define SECURITY_TAG	'ceSN'

/*
 * The creator as it is now: what becomes of its thread later doesn't matter.
 */
_Use_decl_annotations_
NTSTATUS BoxOpen(PBOX Box)
{
	SECURITY_QUALITY_OF_SERVICE Qos = {0};
	NTSTATUS Status;

	PAGED_CODE();

	RtlZeroMemory(Box, sizeof(*Box));
	Qos.Length = sizeof(Qos);
	Qos.ImpersonationLevel = SecurityImpersonation;
	Qos.ContextTrackingMode = SECURITY_STATIC_TRACKING;
	Qos.EffectiveOnly = FALSE;

	Status = SeCreateClientSecurity(PsGetCurrentThread(), &Qos, FALSE, &Box->Creator);
	if (!NT_SUCCESS(Status))
		Box->Creator.ClientToken = NULL;
	return Status;
}

/* The macro leaves the pointer alone. */
_Use_decl_annotations_
VOID BoxClose(PBOX Box)
{
	PAGED_CODE();

	if (Box->Creator.ClientToken == NULL)
		return;
	SeDeleteClientSecurity(&Box->Creator);
	Box->Creator.ClientToken = NULL;
}

/*
 * A thread that belongs to the system impersonates nobody before and after.
 */
static NTSTATUS RunInSystemThread(PSECURITY_CLIENT_CONTEXT Context, PREQUEST_ROUTINE Routine,
				  PVOID Request)
{
	NTSTATUS Status = SeImpersonateClientEx(Context, NULL);

	if (!NT_SUCCESS(Status))
		return Status;
	Status = Routine(Request);
	SeStopImpersonatingClient();
	return Status;
}

_Use_decl_annotations_
NTSTATUS BoxRunInSystemThread(PBOX Box, PREQUEST_ROUTINE Routine, PVOID Request)
{
	PAGED_CODE();

	return RunInSystemThread(&Box->Creator, Routine, Request);
}

/*
 * The thread is not ours, and may impersonate somebody already: that is put back
 * afterwards, with its three flags.  Where it can't be, the thread is left as
 * itself, and the caller is told.
 */
_Use_decl_annotations_
NTSTATUS BoxRunHere(PBOX Box, PREQUEST_ROUTINE Routine, PVOID Request)
{
	PETHREAD Thread = PsGetCurrentThread();
	SECURITY_IMPERSONATION_LEVEL Level = SecurityAnonymous;
	BOOLEAN CopyOnOpen = FALSE;
	BOOLEAN EffectiveOnly = FALSE;
	PACCESS_TOKEN Outer;
	NTSTATUS Status;
	NTSTATUS Restored;

	PAGED_CODE();

	Outer = PsReferenceImpersonationToken(Thread, &CopyOnOpen, &EffectiveOnly, &Level);

	Status = SeImpersonateClientEx(&Box->Creator, Thread);
	if (NT_SUCCESS(Status)) {
		Status = Routine(Request);
		if (Outer == NULL) {
			PsRevertToSelf();
		} else {
			Restored = PsImpersonateClient(Thread, Outer, CopyOnOpen, EffectiveOnly,
						       Level);
			if (!NT_SUCCESS(Restored)) {
				PsRevertToSelf();
				Status = Restored;
			}
		}
	}

	if (Outer != NULL)
		PsDereferenceImpersonationToken(Outer);
	return Status;
}

/*
 * As whom the caller acts at the moment, which need not be who opened the box.
 */
_Use_decl_annotations_
NTSTATUS CallerCapture(PSECURITY_CLIENT_CONTEXT *Caller)
{
	SECURITY_QUALITY_OF_SERVICE Qos = { sizeof(Qos), SecurityImpersonation,
					    SECURITY_STATIC_TRACKING, FALSE };
	SECURITY_SUBJECT_CONTEXT Subject = {0};
	PSECURITY_CLIENT_CONTEXT Context;
	NTSTATUS Status;

	PAGED_CODE();

	*Caller = NULL;
	Context = ExAllocatePoolWithTag(PagedPool, sizeof(*Context), SECURITY_TAG);
	if (Context == NULL)
		return STATUS_INSUFFICIENT_RESOURCES;

	SeCaptureSubjectContext(&Subject);
	SeLockSubjectContext(&Subject);
	Status = SeCreateClientSecurityFromSubjectContext(&Subject, &Qos, FALSE, Context);
	SeUnlockSubjectContext(&Subject);
	SeReleaseSubjectContext(&Subject);

	if (!NT_SUCCESS(Status)) {
		ExFreePoolWithTag(Context, SECURITY_TAG);
		return Status;
	}
	*Caller = Context;
	return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS CallerRunInSystemThread(PSECURITY_CLIENT_CONTEXT Caller, PREQUEST_ROUTINE Routine,
				 PVOID Request)
{
	PAGED_CODE();

	return RunInSystemThread(Caller, Routine, Request);
}

_Use_decl_annotations_
VOID CallerRelease(PSECURITY_CLIENT_CONTEXT *Caller)
{
	PAGED_CODE();

	if (*Caller == NULL)
		return;
	SeDeleteClientSecurity(*Caller);
	ExFreePoolWithTag(*Caller, SECURITY_TAG);
	*Caller = NULL;
}

static ULONG LastPart(PSID Sid)
{
	return *RtlSubAuthoritySid(Sid, *RtlSubAuthorityCountSid(Sid) - 1);
}

/*
 * The token alone says nothing of how far one may go in its name, so the level
 * comes with it.
 */
_Use_decl_annotations_
NTSTATUS WhoAmI(PWHO Who)
{
	SECURITY_SUBJECT_CONTEXT Subject = {0};
	PTOKEN_PRIMARY_GROUP Group = NULL;
	PTOKEN_USER User = NULL;
	PACCESS_TOKEN Token;
	NTSTATUS Status;

	PAGED_CODE();

	RtlZeroMemory(Who, sizeof(*Who));
	SeCaptureSubjectContext(&Subject);
	Token = SeQuerySubjectContextToken(&Subject);

	Who->Impersonating = Subject.ClientToken != NULL;
	if (Who->Impersonating)
		Who->Level = Subject.ImpersonationLevel;

	Status = SeQueryInformationToken(Token, TokenUser, (PVOID *)&User);
	if (NT_SUCCESS(Status)) {
		Who->User = LastPart(User->User.Sid);
		ExFreePool(User);
		Status = SeQueryInformationToken(Token, TokenPrimaryGroup, (PVOID *)&Group);
	}
	if (NT_SUCCESS(Status)) {
		Who->PrimaryGroup = LastPart(Group->PrimaryGroup);
		ExFreePool(Group);
	}
	SeReleaseSubjectContext(&Subject);
	return Status;
}
