// SPDX-License-Identifier: MIT
/* first USER FILE: create FILE as USER and print whom it belongs to. */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <ntimp.h>

int main(int argc, char **argv)
{
	struct stat st;
	int ctx, fd = -1;

	if (argc != 3)
		errx(2, "usage: first USER FILE");
	ctx = ntimp_capture_user(argv[1], NULL);
	if (ctx < 0)
		err(1, "cannot get the identity of %s", argv[1]);
	NTIMP_SCOPE(ctx)
		fd = open(argv[2], O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	else
		err(1, "cannot act as %s", argv[1]);
	if (fd < 0 || fstat(fd, &st))
		err(1, "%s cannot open %s", argv[1], argv[2]);
	printf("%s belongs to user %u\n", argv[2], st.st_uid);
}
