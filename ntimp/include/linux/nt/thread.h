/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads, processes, and whom they act as.
 *
 * A thread is its task_struct.  On Linux each thread has rights of its own, so
 * that what NT says of a thread's process is said of the thread here; never of
 * the group's leader, who could have more rights.  ObReferenceObject() doesn't
 * know threads: that is get_task_struct()'s work.
 */
#ifndef _LINUX_NT_THREAD_H
#define _LINUX_NT_THREAD_H

#include <linux/nt/ntdef.h>
#include <linux/nt/token.h>
#include <linux/sched.h>

struct _ETHREAD;
struct _EPROCESS;
typedef struct _ETHREAD *PETHREAD;
typedef struct _EPROCESS *PEPROCESS;
typedef struct _KTHREAD *PKTHREAD;

/* Rights to a thread */
#define THREAD_TERMINATE			0x0001
#define THREAD_SUSPEND_RESUME			0x0002
#define THREAD_GET_CONTEXT			0x0008
#define THREAD_SET_CONTEXT			0x0010
#define THREAD_SET_INFORMATION			0x0020
#define THREAD_QUERY_INFORMATION		0x0040
#define THREAD_SET_THREAD_TOKEN			0x0080
#define THREAD_IMPERSONATE			0x0100
#define THREAD_DIRECT_IMPERSONATION		0x0200
#define THREAD_SET_LIMITED_INFORMATION		0x0400
#define THREAD_QUERY_LIMITED_INFORMATION	0x0800
#define THREAD_ALL_ACCESS	(STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | 0xFFFF)

/**
 * struct _SE_IMPERSONATION_STATE - whom a thread acted as
 * @Token: the client; one reference; NULL: the thread was itself
 * @CopyOnOpen: of PsImpersonateClient()
 * @EffectiveOnly: of PsImpersonateClient()
 * @Level: how far it went
 */
typedef struct _SE_IMPERSONATION_STATE {
	PACCESS_TOKEN Token;
	BOOLEAN CopyOnOpen;
	BOOLEAN EffectiveOnly;
	SECURITY_IMPERSONATION_LEVEL Level;
} SE_IMPERSONATION_STATE, *PSE_IMPERSONATION_STATE;

/**
 * PsGetCurrentThread - the calling thread
 *
 * Context: any but interrupts.
 * Return: it, borrowed.
 */
static inline PETHREAD PsGetCurrentThread(void)
{
	return (PETHREAD)current;
}

/**
 * KeGetCurrentThread - the calling thread
 *
 * Context: any but interrupts.
 * Return: it, borrowed.
 */
static inline PKTHREAD KeGetCurrentThread(void)
{
	return (PKTHREAD)current;
}

/**
 * PsGetCurrentProcess - the calling thread's process
 *
 * Context: any but interrupts.
 * Return: the thread itself, borrowed.
 */
static inline PEPROCESS PsGetCurrentProcess(void)
{
	return (PEPROCESS)current;
}

/**
 * IoGetCurrentProcess - the calling thread's process
 *
 * Context: any but interrupts.
 * Return: the thread itself, borrowed.
 */
static inline PEPROCESS IoGetCurrentProcess(void)
{
	return (PEPROCESS)current;
}

/**
 * IoThreadToProcess - a thread's process
 * @thread: the thread
 *
 * Context: any.
 * Return: @thread itself, borrowed.
 */
static inline PEPROCESS IoThreadToProcess(PETHREAD thread)
{
	return (PEPROCESS)thread;
}

/**
 * PsGetCurrentThreadId - the calling thread's number
 *
 * Context: any but interrupts.
 * Return: its thread id in the initial namespace.
 */
static inline HANDLE PsGetCurrentThreadId(void)
{
	return (HANDLE)(ULONG_PTR)current->pid;
}

/**
 * PsGetCurrentProcessId - the calling thread's process's number
 *
 * Context: any but interrupts.
 * Return: its process id in the initial namespace.
 */
static inline HANDLE PsGetCurrentProcessId(void)
{
	return (HANDLE)(ULONG_PTR)current->tgid;
}

/**
 * PsIsSystemThread - whether a thread is the kernel's
 * @thread: the thread
 *
 * Context: any.
 * Return: TRUE or FALSE.
 */
static inline BOOLEAN PsIsSystemThread(PETHREAD thread)
{
	return !!(((struct task_struct *)thread)->flags & PF_KTHREAD);
}

NTSTATUS __must_check PsImpersonateClient(PETHREAD thread, PACCESS_TOKEN token,
					  BOOLEAN copy_on_open, BOOLEAN effective_only,
					  SECURITY_IMPERSONATION_LEVEL level);
VOID PsRevertToSelf(void);
VOID PsRevertThreadToSelf(PETHREAD thread);
BOOLEAN PsDisableImpersonation(PETHREAD thread, PSE_IMPERSONATION_STATE state);
VOID PsRestoreImpersonation(PETHREAD thread, PSE_IMPERSONATION_STATE state);
BOOLEAN PsIsThreadImpersonating(PETHREAD thread);
NTSTATUS __must_check PsAssignImpersonationToken(PETHREAD thread, HANDLE token);

PACCESS_TOKEN __must_check
PsReferenceImpersonationToken(PETHREAD thread, PBOOLEAN copy_on_open,
			      PBOOLEAN effective_only,
			      PSECURITY_IMPERSONATION_LEVEL level);
VOID PsDereferenceImpersonationToken(PACCESS_TOKEN token);
PACCESS_TOKEN __must_check PsReferencePrimaryToken(PEPROCESS process);
VOID PsDereferencePrimaryToken(PACCESS_TOKEN token);

#endif /* _LINUX_NT_THREAD_H */
