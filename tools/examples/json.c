// SPDX-License-Identifier: MIT
/*
 * Answers of fileserver as JSON, a line each.  Names of files are bytes: those that
 * are not printable ASCII become \u00XX, whatever they were meant to be.
 */
#include "json.h"

#include <string.h>

#include "protocol.h"

static void print_string(FILE *out, const char *bytes, size_t size)
{
	size_t i;

	fputc('"', out);
	for (i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte < ' ' || byte > '~')
			fprintf(out, "\\u%04x", byte);
		else
			fprintf(out, byte == '"' || byte == '\\' ? "\\%c" : "%c", byte);
	}
	fputc('"', out);
}

static int print_names(FILE *out, const char *body, size_t size)
{
	const char *name = body, *end;

	fputc('[', out);
	for (; name < body + size; name = end + 1) {
		end = memchr(name, 0, (size_t)(body + size - name));
		if (!end)
			return -1;
		if (name > body)
			fputc(',', out);
		print_string(out, name, (size_t)(end - name));
	}
	fputs("]\n", out);
	return 0;
}

static int print_status(FILE *out, const char *line)
{
	unsigned int mode, uid, gid;
	long long bytes, mtime;
	char type[16];

	if (sscanf(line, "%15[a-z] %o %u %u %lld %lld", type, &mode, &uid, &gid, &bytes,
		   &mtime) != 6)
		return -1;
	fprintf(out, "{\"type\":\"%s\",\"mode\":\"%04o\",\"uid\":%u,\"gid\":%u,\"size\":%lld,"
		"\"mtime\":%lld}\n", type, mode, uid, gid, bytes, mtime);
	return 0;
}

static int print_identity(FILE *out, const char *line)
{
	unsigned long long caps;
	unsigned int uid, gid;
	const char *groups;
	int begin = 0;
	size_t length;

	if (sscanf(line, "uid=%u gid=%u groups=%n", &uid, &gid, &begin) != 2 || !begin)
		return -1;
	groups = line + begin;
	length = strspn(groups, "0123456789,");
	if (sscanf(groups + length, " caps=%llx", &caps) != 1)
		return -1;
	fprintf(out, "{\"uid\":%u,\"gid\":%u,\"groups\":[%.*s],\"caps\":\"%llx\"}\n", uid, gid,
		(int)length, groups, caps);
	return 0;
}

int json_print(FILE *out, uint32_t operation, const char *body, size_t size)
{
	if (operation == OP_LIST)
		return print_names(out, body, size);
	return operation == OP_STAT ? print_status(out, body) : print_identity(out, body);
}
