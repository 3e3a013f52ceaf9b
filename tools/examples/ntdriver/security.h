/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who does a request: the part of the driver that came from NT.
 *
 * Whoever includes this has included <ntifs.h>.
 */
#ifndef _NTDRIVER_SECURITY_H
#define _NTDRIVER_SECURITY_H

/* Does a request, as whoever the thread acts as. */
typedef NTSTATUS NTAPI REQUEST_ROUTINE(_Inout_ PVOID Request);
typedef REQUEST_ROUTINE *PREQUEST_ROUTINE;

/* A box: what somebody has opened. */
typedef struct _BOX {
	SECURITY_CLIENT_CONTEXT Creator;	/* ClientToken NULL: not created */
} BOX, *PBOX;

/* What a token says. */
typedef struct _WHO {
	BOOLEAN Impersonating;
	SECURITY_IMPERSONATION_LEVEL Level;	/* if so */
	ULONG User;				/* last part of the SID */
	ULONG PrimaryGroup;			/* last part of the SID */
} WHO, *PWHO;

_Must_inspect_result_
NTSTATUS BoxOpen(_Out_ PBOX Box);
VOID BoxClose(_Inout_ PBOX Box);

_Must_inspect_result_
NTSTATUS BoxRunHere(_In_ PBOX Box, _In_ PREQUEST_ROUTINE Routine, _Inout_ PVOID Request);
_Must_inspect_result_
NTSTATUS BoxRunInSystemThread(_In_ PBOX Box, _In_ PREQUEST_ROUTINE Routine,
			      _Inout_ PVOID Request);

_Must_inspect_result_
NTSTATUS CallerCapture(_Outptr_ PSECURITY_CLIENT_CONTEXT *Caller);
_Must_inspect_result_
NTSTATUS CallerRunInSystemThread(_In_ PSECURITY_CLIENT_CONTEXT Caller,
				 _In_ PREQUEST_ROUTINE Routine, _Inout_ PVOID Request);
VOID CallerRelease(_Inout_ PSECURITY_CLIENT_CONTEXT *Caller);

_Must_inspect_result_
NTSTATUS WhoAmI(_Out_ PWHO Who);

#endif /* _NTDRIVER_SECURITY_H */
