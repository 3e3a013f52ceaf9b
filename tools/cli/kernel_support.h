/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERNEL_SUPPORT_H
#define KERNEL_SUPPORT_H

#include <stdbool.h>
#include <sys/utsname.h>

/* Options of the kernel that matter to the module. */
enum kernel_option {
	OPTION_MODULES,
	OPTION_KALLSYMS,
	OPTION_KPROBES,
	OPTION_TRACEPOINTS,
	OPTION_FTRACE_WITH_ARGS,
	OPTION_FTRACE_WITH_REGS,
	KERNEL_OPTIONS,
};

/**
 * struct kernel_support - whether the running kernel suits the module
 * @uts: which kernel it is
 * @config: path of its configuration, empty if none was found
 * @set: by enum kernel_option: the configuration has it
 * @ftrace: kernel.ftrace_enabled; -1: there is no such sysctl
 */
struct kernel_support {
	struct utsname uts;
	char config[160];
	bool set[KERNEL_OPTIONS];
	int ftrace;
};

void kernel_support_read(struct kernel_support *kernel);
int kernel_suitable(const struct kernel_support *kernel);

struct json_object;
void kernel_describe(const struct kernel_support *kernel);
struct json_object *kernel_json(const struct kernel_support *kernel);

#endif /* KERNEL_SUPPORT_H */
