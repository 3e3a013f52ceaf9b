/* SPDX-License-Identifier: MIT */
#ifndef NTIMP_EXAMPLES_OPERATIONS_H
#define NTIMP_EXAMPLES_OPERATIONS_H

#include "protocol.h"

/* How an operation left the stream. */
enum outcome {
	ANSWERED,	/* ready for the next request */
	BROKEN,		/* in the middle of a body: hang up; errno says why */
};

/*
 * Does what the client asks for and answers it.  The calling thread is the
 * client.  *error is what was answered.
 */
enum outcome perform(int root, int stream, const struct request *request, int *error);

/* Answers with an error, having taken the request's body off the stream. */
enum outcome refuse(int stream, const struct request *request, int error);

#endif /* NTIMP_EXAMPLES_OPERATIONS_H */
