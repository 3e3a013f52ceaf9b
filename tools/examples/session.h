/* SPDX-License-Identifier: MIT */
#ifndef NTIMP_EXAMPLES_SESSION_H
#define NTIMP_EXAMPLES_SESSION_H

#include <stdbool.h>

#include "connection.h"

/*
 * Takes one request from the client and serves it as the client, in the
 * directory root.  Returns whether the connection can go on.
 */
bool session_serve(const struct connection *client, int root, bool verbose);

#endif /* NTIMP_EXAMPLES_SESSION_H */
