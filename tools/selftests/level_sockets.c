// SPDX-License-Identifier: GPL-2.0-only
/* Below Impersonation a thread makes no socket, and finds nobody with those it has. */
#include "levels.h"
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "child.h"

#define TRIES	2	/* of a call that uses its socket up */

static struct sockaddr_in loopback = { .sin_family = AF_INET };
static struct sockaddr_un named, named_datagram;
static socklen_t named_length, named_datagram_length;
static int tcp[TRIES], streams[TRIES], unbound[TRIES];
static int udp, datagram, listening, tcp_bound;
static int used, nobodys;

static int socket_make(int family, int type)
{
	return socket(family, type | SOCK_CLOEXEC, 0);
}

static int loopback_up(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket_make(AF_INET, SOCK_DGRAM);
	int err = ioctl(fd, SIOCSIFFLAGS, &lo) ? -errno : 0;

	close(fd);
	return err;
}

/* A socket with a name of the kernel's choice. */
static int unix_bind(int type, struct sockaddr_un *address, socklen_t *length)
{
	int fd = socket_make(AF_UNIX, type);

	address->sun_family = AF_UNIX;
	*length = sizeof(*address);
	if (bind(fd, (struct sockaddr *)address, sizeof(sa_family_t)) ||
	    getsockname(fd, (struct sockaddr *)address, length))
		return -errno;
	return fd;
}

/* In a network that belongs to a user namespace of nobody's. */
static int send_socket(const struct child *parent, void *unused)
{
	(void)unused;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET))
		return -errno;
	return child_send_fd(parent, socket_make(AF_INET, SOCK_DGRAM));
}

static int socket_of_nobody(void)
{
	struct child child;
	int fd, err = child_start(&child, &PERSONA_USER(NOBODY), send_socket, NULL);

	if (err)
		return err;
	fd = child_receive_fd(&child);
	err = child_finish(&child);
	return err ? err : fd;
}

static int level_prepare(void)
{
	socklen_t length = sizeof(loopback);
	int err = loopback_up(), acceptor;

	if (err)
		return err;
	loopback.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	acceptor = socket_make(AF_INET, SOCK_STREAM);
	if (bind(acceptor, (struct sockaddr *)&loopback, sizeof(loopback)) ||
	    listen(acceptor, 8) || getsockname(acceptor, (struct sockaddr *)&loopback, &length))
		return -errno;
	listening = unix_bind(SOCK_STREAM, &named, &named_length);
	if (listening < 0 || listen(listening, 8))
		return -errno;
	if (unix_bind(SOCK_DGRAM, &named_datagram, &named_datagram_length) < 0)
		return -errno;

	nobodys = socket_of_nobody();
	if (nobodys < 0)
		return nobodys;
	udp = socket_make(AF_INET, SOCK_DGRAM);
	datagram = socket_make(AF_UNIX, SOCK_DGRAM);
	tcp_bound = socket_make(AF_INET, SOCK_STREAM);
	for (int i = 0; i < TRIES; i++) {
		tcp[i] = socket_make(AF_INET, SOCK_STREAM);
		streams[i] = socket_make(AF_UNIX, SOCK_STREAM);
		unbound[i] = socket_make(AF_UNIX, SOCK_STREAM);
	}
	used = 0;
	return udp < 0 || datagram < 0 || tcp_bound < 0 || unbound[TRIES - 1] < 0 ? -errno : 0;
}

static void level_cleanup(void)
{
}

static int next(const int sockets[TRIES])
{
	return sockets[used++ % TRIES];
}

#define ADDRESS(address)	(struct sockaddr *)&(address)

OPENS(socket_inet, socket(AF_INET, SOCK_STREAM, 0))
OPENS(socket_inet6, socket(AF_INET6, SOCK_DGRAM, 0))
OPENS(socket_unix, socket(AF_UNIX, SOCK_STREAM, 0))
OPENS(socket_netlink, socket(AF_NETLINK, SOCK_RAW, 0))
OPENS(socket_packet, socket(AF_PACKET, SOCK_RAW, 0))
ROW(socket_inet, -EACCES, 0);
ROW(socket_inet6, -EACCES, 0);
ROW(socket_unix, -EACCES, 0);
ROW(socket_netlink, -EACCES, 0);
ROW(socket_packet, -EACCES, -EPERM);

static int call_socketpair(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return -errno;
	close(ends[0]);
	close(ends[1]);
	return 0;
}

ROW(socketpair, -EACCES, 0);

static const struct sockaddr_in any = { .sin_family = AF_INET };
static const struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

CALL(bind_inet, bind(next(tcp), ADDRESS(any), sizeof(any)))
CALL(bind_unix, bind(next(unbound), ADDRESS(named), sizeof(sa_family_t)))
CALL(listen, listen(tcp_bound, 1))
CALL(connect_tcp, connect(next(tcp), ADDRESS(loopback), sizeof(loopback)))
CALL(connect_udp, connect(udp, ADDRESS(loopback), sizeof(loopback)))
CALL(connect_stream, connect(next(streams), ADDRESS(named), named_length))
CALL(connect_datagram, connect(datagram, ADDRESS(named_datagram), named_datagram_length))
CALL(disconnect, connect(udp, ADDRESS(nowhere), sizeof(nowhere)))
ROW(bind_inet, -EACCES, 0);
ROW(bind_unix, -EACCES, 0);
ROW(listen, -EACCES, 0);
ROW(connect_tcp, -EACCES, 0);
ROW(connect_udp, -EACCES, 0);
ROW(connect_stream, -EACCES, 0);
ROW(connect_datagram, -EACCES, 0);
ROW(disconnect, -EACCES, 0);

/* To somebody: by an address, or connecting on the way. */
CALL(send_datagram, sendto(datagram, "x", 1, 0, ADDRESS(named_datagram), named_datagram_length))
CALL(send_fast_open, sendto(next(tcp), "x", 1, MSG_FASTOPEN, ADDRESS(loopback), sizeof(loopback)))
ROW(send_datagram, -EACCES, 0);
ROW(send_fast_open, -EACCES, 0);

/* Whoever owns a user namespace has all capabilities in it: nobody may, this thread not. */
CALL(owned_network, setsockopt(nobodys, SOL_SOCKET, SO_MARK, &(int){ 1 }, sizeof(int)))
ROW(owned_network, -EPERM, 0);

TEST_HARNESS_MAIN
