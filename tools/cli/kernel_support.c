// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the running kernel has of what the module needs.
 */
#include <stdio.h>
#include <string.h>

#include <zlib.h>

#include "kernel_support.h"
#include "report.h"
#include "setting.h"

static const char *const options[KERNEL_OPTIONS] = {
	[OPTION_MODULES]		= "CONFIG_MODULES",
	[OPTION_KALLSYMS]		= "CONFIG_KALLSYMS",
	[OPTION_KPROBES]		= "CONFIG_KPROBES",
	[OPTION_TRACEPOINTS]		= "CONFIG_TRACEPOINTS",
	[OPTION_FTRACE_WITH_ARGS]	= "CONFIG_DYNAMIC_FTRACE_WITH_ARGS",
	[OPTION_FTRACE_WITH_REGS]	= "CONFIG_DYNAMIC_FTRACE_WITH_REGS",
};

static void parse_line(const char *line, bool set[KERNEL_OPTIONS])
{
	size_t length;
	int i;

	for (i = 0; i < KERNEL_OPTIONS; i++) {
		length = strlen(options[i]);
		if (!strncmp(line, options[i], length) && !strncmp(line + length, "=y", 2))
			set[i] = true;
	}
}

/* zlib reads files that are not compressed as well. */
static int read_config(struct kernel_support *kernel)
{
	gzFile file = gzopen(kernel->config, "re");
	char line[512];

	if (!file)
		return -1;
	while (gzgets(file, line, sizeof(line)))
		parse_line(line, kernel->set);
	gzclose_r(file);
	return 0;
}

static void find_config(struct kernel_support *kernel)
{
	const char *release = kernel->uts.release;
	const char *const places[][3] = {
		{ "/proc/config.gz", "", "" },
		{ "/boot/config-", release, "" },
		{ "/lib/modules/", release, "/build/.config" },
		{ NULL },
	};
	int i;

	for (i = 0; places[i][0]; i++) {
		snprintf(kernel->config, sizeof(kernel->config), "%s%s%s", places[i][0],
			 places[i][1], places[i][2]);
		if (!read_config(kernel))
			return;
	}
	kernel->config[0] = '\0';
}

void kernel_support_read(struct kernel_support *kernel)
{
	memset(kernel, 0, sizeof(*kernel));
	uname(&kernel->uts);
	find_config(kernel);
	kernel->ftrace = setting_number("/proc/sys/kernel/ftrace_enabled");
}

/* Either of the two will do. */
static bool ftrace_is_built_in(const struct kernel_support *kernel)
{
	return kernel->set[OPTION_FTRACE_WITH_ARGS] || kernel->set[OPTION_FTRACE_WITH_REGS];
}

/* 1: yes, 0: no, -1: its configuration is not known. */
int kernel_suitable(const struct kernel_support *kernel)
{
	int i;

	if (kernel->ftrace <= 0)
		return 0;
	if (!kernel->config[0])
		return -1;
	for (i = 0; i < OPTION_FTRACE_WITH_ARGS; i++)
		if (!kernel->set[i])
			return 0;
	return ftrace_is_built_in(kernel);
}

static void describe_lacks(const struct kernel_support *kernel)
{
	int i;

	for (i = 0; i < OPTION_FTRACE_WITH_ARGS; i++)
		if (!kernel->set[i])
			printf("  -> it lacks %s: use a kernel that has it\n", options[i]);
	if (!ftrace_is_built_in(kernel))
		printf("  -> it lacks %s and %s: use a kernel that has one of them\n",
		       options[OPTION_FTRACE_WITH_ARGS], options[OPTION_FTRACE_WITH_REGS]);
}

/* For people, on standard output. */
void kernel_describe(const struct kernel_support *kernel)
{
	static const char *const verdicts[] = {
		"its configuration was not found", "does not suit the module", "suits the module",
	};

	printf(LABEL "%s on %s, %s\n", "kernel", kernel->uts.release, kernel->uts.machine,
	       verdicts[kernel_suitable(kernel) + 1]);
	if (kernel->config[0])
		describe_lacks(kernel);
	if (!kernel->ftrace)
		puts("  -> function tracing is switched off: sysctl kernel.ftrace_enabled=1");
	if (kernel->ftrace < 0)
		puts("  -> no kernel.ftrace_enabled: use a kernel with CONFIG_DYNAMIC_FTRACE");
}

struct json_object *kernel_json(const struct kernel_support *kernel)
{
	struct json_object *record = json_record();
	struct json_object *set = NULL;
	int i;

	if (kernel->config[0]) {
		set = json_record();
		for (i = 0; i < KERNEL_OPTIONS; i++)
			json_add(set, options[i], json_truth(kernel->set[i]));
	}
	json_add(record, "release", json_text(kernel->uts.release));
	json_add(record, "machine", json_text(kernel->uts.machine));
	json_add(record, "config", kernel->config[0] ? json_text(kernel->config) : NULL);
	json_add(record, "options", set);
	json_add(record, "ftrace_enabled", json_truth(kernel->ftrace));
	json_add(record, "suitable", json_truth(kernel_suitable(kernel)));
	return record;
}
