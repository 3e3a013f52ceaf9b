// SPDX-License-Identifier: GPL-2.0-only
/*
 * References on objects: tokens, and system threads from PsCreateSystemThread().
 *
 * Other threads are not known here: that is get_task_struct()'s work.
 */
#include <linux/export.h>
#include <linux/refcount.h>

#include "systhread.h"
#include "token.h"

/**
 * ObfReferenceObject - take a reference, as ObReferenceObject()
 * @object: a token, or a PETHREAD from PsCreateSystemThread(); the caller has a
 *	reference on it
 *
 * Context: any but interrupts.
 * Return: how many there are, at a time.
 */
LONG_PTR ObfReferenceObject(PVOID object)
{
	struct nt_systhread *thread = nt_systhread_find(object);
	struct nt_token *token;

	/* The reference that it was found with is the caller's then. */
	if (thread)
		return refcount_read(&thread->usage);
	token = nt_token_get(nt_token_from(object));
	return refcount_read(&token->usage);
}
EXPORT_SYMBOL_GPL(ObfReferenceObject);

/**
 * ObfDereferenceObject - drop a reference, as ObDereferenceObject()
 * @object: a token, or a PETHREAD from PsCreateSystemThread()
 *
 * Context: any but interrupts.
 * Return: how many were left, at a time.
 */
LONG_PTR ObfDereferenceObject(PVOID object)
{
	struct nt_systhread *thread = nt_systhread_find(object);
	LONG_PTR left;

	if (thread) {
		nt_systhread_put(thread); /* the one that it was found with */
		return nt_systhread_put(thread);
	}
	left = (LONG_PTR)refcount_read(&nt_token_from(object)->usage) - 1;
	nt_token_put(nt_token_from(object));
	return left;
}
EXPORT_SYMBOL_GPL(ObfDereferenceObject);
