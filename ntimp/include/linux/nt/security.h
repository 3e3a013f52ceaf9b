/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Client and subject contexts: a client that a server may act as, and on whose
 * behalf a request is made.
 */
#ifndef _LINUX_NT_SECURITY_H
#define _LINUX_NT_SECURITY_H

#include <linux/nt/descriptor.h>
#include <linux/nt/ntdef.h>
#include <linux/nt/thread.h>
#include <linux/nt/token.h>

#define SECURITY_DYNAMIC_TRACKING	TRUE
#define SECURITY_STATIC_TRACKING	FALSE

typedef BOOLEAN SECURITY_CONTEXT_TRACKING_MODE, *PSECURITY_CONTEXT_TRACKING_MODE;

/**
 * struct _SECURITY_QUALITY_OF_SERVICE - how far a client lets a server go
 * @Length: sizeof(struct)
 * @ImpersonationLevel: the level
 * @ContextTrackingMode: whether the server sees it when the client changes
 * @EffectiveOnly: whether what the client has disabled stays out of reach
 */
typedef struct _SECURITY_QUALITY_OF_SERVICE {
	ULONG Length;
	SECURITY_IMPERSONATION_LEVEL ImpersonationLevel;
	SECURITY_CONTEXT_TRACKING_MODE ContextTrackingMode;
	BOOLEAN EffectiveOnly;
} SECURITY_QUALITY_OF_SERVICE, *PSECURITY_QUALITY_OF_SERVICE;

/* The same for one who opens a file by name */
#define SECURITY_ANONYMOUS		(SecurityAnonymous << 16)
#define SECURITY_IDENTIFICATION		(SecurityIdentification << 16)
#define SECURITY_IMPERSONATION		(SecurityImpersonation << 16)
#define SECURITY_DELEGATION		(SecurityDelegation << 16)
#define SECURITY_CONTEXT_TRACKING	0x00040000
#define SECURITY_EFFECTIVE_ONLY		0x00080000
#define SECURITY_SQOS_PRESENT		0x00100000
#define SECURITY_VALID_SQOS_FLAGS	0x001F0000

/**
 * struct _SECURITY_CLIENT_CONTEXT - a client that a server may act as
 * @SecurityQos: how far
 * @ClientToken: who it is; one reference, see SeDeleteClientSecurity().  Drivers
 *	may set it to NULL to note that there is no context.
 * @DirectlyAccessClientToken: it is the client's own token, not a copy
 * @DirectAccessEffectiveOnly: takes the place of SecurityQos.EffectiveOnly then
 * @ServerIsRemote: the server will be on another machine
 * @ClientTokenControl: of the client's token as it was, if the context is dynamic
 *	and the server remote
 */
typedef struct _SECURITY_CLIENT_CONTEXT {
	SECURITY_QUALITY_OF_SERVICE SecurityQos;
	PACCESS_TOKEN ClientToken;
	BOOLEAN DirectlyAccessClientToken;
	BOOLEAN DirectAccessEffectiveOnly;
	BOOLEAN ServerIsRemote;
	TOKEN_CONTROL ClientTokenControl;
} SECURITY_CLIENT_CONTEXT, *PSECURITY_CLIENT_CONTEXT;

/**
 * struct _SECURITY_SUBJECT_CONTEXT - on whose behalf a request is made
 * @ClientToken: whom the thread acts as; one reference, or NULL
 * @ImpersonationLevel: how far, if there is a @ClientToken
 * @PrimaryToken: who the thread is; one reference
 * @ProcessAuditId: its process, for audit records
 */
typedef struct _SECURITY_SUBJECT_CONTEXT {
	PACCESS_TOKEN ClientToken;
	SECURITY_IMPERSONATION_LEVEL ImpersonationLevel;
	PACCESS_TOKEN PrimaryToken;
	PVOID ProcessAuditId;
} SECURITY_SUBJECT_CONTEXT, *PSECURITY_SUBJECT_CONTEXT;

/**
 * struct _ACCESS_STATE - how far an access that is under way has come
 * @OperationID: a number of its own
 * @SecurityEvaluated: the rights have been looked at
 * @GenerateAudit: audit the access
 * @GenerateOnClose: audit the closing
 * @PrivilegesAllocated: @Privileges is elsewhere
 * @Flags: TOKEN_HAS_*
 * @RemainingDesiredAccess: rights not granted yet
 * @PreviouslyGrantedAccess: rights granted so far
 * @OriginalDesiredAccess: rights asked for
 * @SubjectSecurityContext: on whose behalf
 * @SecurityDescriptor: of an object that is made
 * @AuxData: of the security manager
 * @Privileges: privileges used
 * @AuditPrivileges: audit those
 * @ObjectName: name of the object
 * @ObjectTypeName: kind of the object
 */
typedef struct _ACCESS_STATE {
	LUID OperationID;
	BOOLEAN SecurityEvaluated;
	BOOLEAN GenerateAudit;
	BOOLEAN GenerateOnClose;
	BOOLEAN PrivilegesAllocated;
	ULONG Flags;
	ACCESS_MASK RemainingDesiredAccess;
	ACCESS_MASK PreviouslyGrantedAccess;
	ACCESS_MASK OriginalDesiredAccess;
	SECURITY_SUBJECT_CONTEXT SubjectSecurityContext;
	PSECURITY_DESCRIPTOR SecurityDescriptor;
	PVOID AuxData;
	union {
		INITIAL_PRIVILEGE_SET InitialPrivilegeSet;
		PRIVILEGE_SET PrivilegeSet;
	} Privileges;
	BOOLEAN AuditPrivileges;
	UNICODE_STRING ObjectName;
	UNICODE_STRING ObjectTypeName;
} ACCESS_STATE, *PACCESS_STATE;

/* Client contexts */
NTSTATUS __must_check SeCreateClientSecurity(PETHREAD client_thread,
					     PSECURITY_QUALITY_OF_SERVICE qos,
					     BOOLEAN server_is_remote,
					     PSECURITY_CLIENT_CONTEXT client_context);
NTSTATUS __must_check
SeCreateClientSecurityFromSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context,
					 PSECURITY_QUALITY_OF_SERVICE qos,
					 BOOLEAN server_is_remote,
					 PSECURITY_CLIENT_CONTEXT client_context);
NTSTATUS __must_check SeImpersonateClientEx(PSECURITY_CLIENT_CONTEXT client_context,
					    PETHREAD server_thread);
VOID SeImpersonateClient(PSECURITY_CLIENT_CONTEXT client_context,
			 PETHREAD server_thread);

/* Subject contexts */
VOID SeCaptureSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context);
VOID SeCaptureSubjectContextEx(PETHREAD thread, PEPROCESS process,
			       PSECURITY_SUBJECT_CONTEXT subject_context);
VOID SeLockSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context);
VOID SeUnlockSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context);
VOID SeReleaseSubjectContext(PSECURITY_SUBJECT_CONTEXT subject_context);

/* Rights */
BOOLEAN SePrivilegeCheck(PPRIVILEGE_SET required,
			 PSECURITY_SUBJECT_CONTEXT subject_context,
			 KPROCESSOR_MODE mode);
BOOLEAN SeSinglePrivilegeCheck(LUID privilege, KPROCESSOR_MODE mode);
BOOLEAN SeAccessCheck(PSECURITY_DESCRIPTOR descriptor,
		      PSECURITY_SUBJECT_CONTEXT subject_context,
		      BOOLEAN subject_context_locked, ACCESS_MASK desired,
		      ACCESS_MASK previously_granted, PPRIVILEGE_SET *privileges,
		      PGENERIC_MAPPING mapping, KPROCESSOR_MODE mode,
		      PACCESS_MASK granted, PNTSTATUS status);
VOID SeFreePrivileges(PPRIVILEGE_SET privileges);

/* Nothing is audited. */
BOOLEAN SeAuditingFileEvents(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor);
BOOLEAN SeAuditingFileOrGlobalEvents(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor,
				     PSECURITY_SUBJECT_CONTEXT subject_context);
BOOLEAN SeAuditingFileEventsWithContext(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor,
					PSECURITY_SUBJECT_CONTEXT subject_context);
BOOLEAN SeAuditingHardLinkEvents(BOOLEAN granted, PSECURITY_DESCRIPTOR descriptor);
BOOLEAN SeAuditingHardLinkEventsWithContext(BOOLEAN granted,
					    PSECURITY_DESCRIPTOR descriptor,
					    PSECURITY_SUBJECT_CONTEXT subject_context);

/**
 * SeDeleteClientSecurity - give up a client context
 * @client_context: made by SeCreateClientSecurity() or
 *	SeCreateClientSecurityFromSubjectContext()
 *
 * To be called once: its reference on the token is dropped, and nothing in it
 * changed.  Threads that act as the client go on doing so.
 *
 * Context: process context, may sleep.
 */
static inline VOID SeDeleteClientSecurity(PSECURITY_CLIENT_CONTEXT client_context)
{
	if (SeTokenType(client_context->ClientToken) == TokenPrimary)
		PsDereferencePrimaryToken(client_context->ClientToken);
	else
		PsDereferenceImpersonationToken(client_context->ClientToken);
}

/**
 * SeStopImpersonatingClient - let the calling thread be itself again
 *
 * Does nothing if it is.
 *
 * Context: process context, may sleep.
 */
static inline VOID SeStopImpersonatingClient(void)
{
	PsRevertToSelf();
}

/**
 * SeQuerySubjectContextToken - who counts in a subject context
 * @subject_context: the context
 *
 * Says nothing about the level: look at ->ImpersonationLevel too before the
 * token is trusted for more than a name.
 *
 * Return: the client's token if there is one, the primary otherwise; borrowed.
 */
static inline PACCESS_TOKEN
SeQuerySubjectContextToken(PSECURITY_SUBJECT_CONTEXT subject_context)
{
	return subject_context->ClientToken ?: subject_context->PrimaryToken;
}

#endif /* _LINUX_NT_SECURITY_H */
