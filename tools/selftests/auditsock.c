// SPDX-License-Identifier: GPL-2.0-only
/* Talking to the kernel's audit, see auditsock.h. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "auditsock.h"

struct message {
	struct nlmsghdr head;
	struct audit_status status;
};

int audit_open(unsigned int groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	int audit = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	int err;

	if (audit < 0)
		return -errno;
	if (!bind(audit, (struct sockaddr *)&address, sizeof(address)))
		return audit;
	err = -errno;
	close(audit);
	return err;
}

static int audit_send(int audit, int type, size_t size, const struct audit_status *status)
{
	struct message request = {
		.head = {
			.nlmsg_len = size,
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST,
		},
		.status = *status,
	};

	/* The kernel acts on it before the send returns. */
	return send(audit, &request, size, 0) < 0 ? -errno : 0;
}

int audit_set(int audit, const struct audit_status *status)
{
	return audit_send(audit, AUDIT_SET, sizeof(struct message), status);
}

int audit_get(int audit, struct audit_status *status)
{
	struct message answer = {};
	int err = audit_send(audit, AUDIT_GET, sizeof(answer.head), &answer.status);

	if (err)
		return err;
	do {
		if (recv(audit, &answer, sizeof(answer), 0) < 0)
			return -errno;
	} while (answer.head.nlmsg_type != AUDIT_GET);
	*status = answer.status;
	return 0;
}
