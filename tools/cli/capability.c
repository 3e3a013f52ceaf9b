// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of capabilities, and sets of them.
 */
#include <stdlib.h>
#include <string.h>

#include <cap-ng.h>
#include <json.h>
#include <sys/prctl.h>

#include "capability.h"
#include "report.h"

/* Valid until the next call: a kernel newer than libcap-ng has others. */
static const char *name_of(unsigned int cap)
{
	static char number[16];
	const char *name = capng_capability_to_name(cap);

	if (name)
		return name;
	snprintf(number, sizeof(number), "cap_%u", cap);
	return number;
}

/* Those that the running kernel has. */
uint64_t capability_all(void)
{
	uint64_t all = 0;
	unsigned int cap;

	for (cap = 0; cap < 64; cap++)
		if (prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0)
			all |= UINT64_C(1) << cap;
	return all;
}

void capability_print(FILE *stream, uint64_t caps)
{
	const char *comma = "";
	unsigned int cap;

	if (!caps || caps == capability_all()) {
		fputs(caps ? "all" : "none", stream);
		return;
	}
	for (cap = 0; cap < 64; cap++) {
		if (!(caps >> cap & 1))
			continue;
		fprintf(stream, "%s%s", comma, name_of(cap));
		comma = ",";
	}
}

struct json_object *capability_json(uint64_t caps)
{
	struct json_object *names = json_list();
	unsigned int cap;

	for (cap = 0; cap < 64; cap++)
		if (caps >> cap & 1)
			json_append(names, json_text(name_of(cap)));
	return names;
}

/*
 * Names as libcap-ng has them, with or without "cap_", separated by commas;
 * "none" alone stands for no capability.  Returns -1 for what is neither.
 */
int capability_parse(const char *names, uint64_t *caps)
{
	char *copy = strdup(names), *rest = copy, *name;
	int cap = 0;

	*caps = 0;
	if (!copy)
		return -1;
	if (!strcmp(names, "none"))
		rest = NULL;
	while (cap >= 0 && (name = strsep(&rest, ","))) {
		if (!strncasecmp(name, "cap_", 4))
			name += 4;
		cap = capng_name_to_capability(name);
		if (cap >= 0)
			*caps |= UINT64_C(1) << cap;
	}
	free(copy);
	return cap < 0 ? -1 : 0;
}
