/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets of the kernel's own, which live as long as the case. */
#ifndef _KUNIT_SOCKETS_H
#define _KUNIT_SOCKETS_H

#include <linux/net.h>

struct kunit;

struct socket *sockets_make(struct kunit *test, int family, int type);

/* One end of a pair of AF_UNIX sockets. */
struct socket *sockets_pair(struct kunit *test, int type);

/* AF_UNIX: a listener at an address of its own, who connects to it, and the other end. */
struct socket *sockets_listen(struct kunit *test);
struct socket *sockets_connect(struct kunit *test, struct socket *listener);
struct socket *sockets_accept(struct kunit *test, struct socket *listener);

#endif /* _KUNIT_SOCKETS_H */
