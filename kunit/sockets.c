// SPDX-License-Identifier: GPL-2.0-only
#include <kunit/test.h>
#include <linux/fcntl.h>
#include <linux/un.h>
#include <net/net_namespace.h>

#include "defer.h"
#include "sockets.h"

static void undo_socket(const void *sock)
{
	sock_release((struct socket *)sock);
}

struct socket *sockets_make(struct kunit *test, int family, int type)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, 0, sock_create_kern(&init_net, family, type, 0, &sock));
	defer(test, undo_socket, sock);
	return sock;
}

struct socket *sockets_pair(struct kunit *test, int type)
{
	struct socket *one = sockets_make(test, AF_UNIX, type);
	struct socket *other = sockets_make(test, AF_UNIX, type);

	KUNIT_ASSERT_EQ(test, 0, one->ops->socketpair(one, other));
	return one;
}

struct socket *sockets_listen(struct kunit *test)
{
	struct socket *sock = sockets_make(test, AF_UNIX, SOCK_STREAM);
	struct sockaddr_un any = { .sun_family = AF_UNIX };

	KUNIT_ASSERT_EQ(test, 0, kernel_bind(sock, (struct sockaddr *)&any,
					     offsetof(struct sockaddr_un, sun_path)));
	KUNIT_ASSERT_EQ(test, 0, kernel_listen(sock, 1));
	return sock;
}

struct socket *sockets_connect(struct kunit *test, struct socket *listener)
{
	struct socket *sock = sockets_make(test, AF_UNIX, SOCK_STREAM);
	struct sockaddr_storage address;
	int len = kernel_getsockname(listener, (struct sockaddr *)&address);

	KUNIT_ASSERT_GT(test, len, 0);
	KUNIT_ASSERT_EQ(test, 0, kernel_connect(sock, (struct sockaddr *)&address, len, 0));
	return sock;
}

struct socket *sockets_accept(struct kunit *test, struct socket *listener)
{
	struct socket *sock;

	KUNIT_ASSERT_EQ(test, 0, kernel_accept(listener, &sock, O_NONBLOCK));
	defer(test, undo_socket, sock);
	return sock;
}
