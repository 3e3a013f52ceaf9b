// SPDX-License-Identifier: GPL-2.0-only
/*
 * Run a command with a context on descriptor 3 whose client, user 1002, consents
 * to be impersonated by whoever holds it.
 *
 * Usage: cli-test-consent COMMAND [ARG...]
 */
#include <err.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ntimp.h>

#define CLIENT		1002
#define CONTEXT_FD	3

/* System calls change one thread, where the library's functions change all. */
static void *be_client_and_consent(void *ctx)
{
	const struct ntimp_qos qos = {
		.level = NTIMP_LEVEL_IMPERSONATION, .flags = NTIMP_QOS_CONSENT,
	};

	if (syscall(SYS_setgroups, 0, NULL) ||
	    syscall(SYS_setresgid, CLIENT, CLIENT, CLIENT) ||
	    syscall(SYS_setresuid, CLIENT, CLIENT, CLIENT))
		err(1, "be user %d", CLIENT);
	*(int *)ctx = ntimp_capture_self(&qos);
	if (*(int *)ctx < 0)
		err(1, "consent");
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t client;
	int ctx;

	if (argc < 2)
		errx(1, "usage: cli-test-consent COMMAND [ARG...]");
	if (pthread_create(&client, NULL, be_client_and_consent, &ctx) ||
	    pthread_join(client, NULL))
		errx(1, "threads");
	/* The library's own descriptor may have that number, and goes with the program. */
	if (ctx == CONTEXT_FD)
		ctx = dup(ctx);
	if (dup2(ctx, CONTEXT_FD) < 0)
		err(1, "descriptor %d", CONTEXT_FD);
	execvp(argv[1], argv + 1);
	err(127, "%s", argv[1]);
}
