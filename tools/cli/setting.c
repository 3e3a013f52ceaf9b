// SPDX-License-Identifier: GPL-2.0-only
/*
 * Settings of the kernel: one line in a file of /proc or /sys.
 */
#include <stdio.h>
#include <string.h>

#include "setting.h"

/* The first line, without its end; -1 if it can't be read. */
int setting_read(const char *path, char *text, size_t size)
{
	FILE *file = fopen(path, "re");
	const char *line;

	if (!file)
		return -1;
	line = fgets(text, (int)size, file);
	fclose(file);
	if (!line)
		return -1;
	text[strcspn(text, "\n")] = '\0';
	return 0;
}

/* A number, or Y or N of a module parameter as 1 or 0; -1: can't be read. */
int setting_number(const char *path)
{
	char text[32];
	int number;

	if (setting_read(path, text, sizeof(text)))
		return -1;
	if (!strcmp(text, "Y") || !strcmp(text, "N"))
		return text[0] == 'Y';
	return sscanf(text, "%d", &number) == 1 ? number : -1;
}
