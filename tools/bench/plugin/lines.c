// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin for qemu: counts the cache lines of the guest's memory that more than one
 * processor writes while they do what ../lines.c tells, see ../lines.h.
 *
 * Its argument is the file to write, a line for each cache line and phase:
 * phase, physical address, virtual address and instruction of one of the writes, and
 * the number of writes by each processor.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "qemu_plugin.h"

#define PROCESSORS	16
#define LINE_SHIFT	6
#define SLOTS		65536	/* far more than are written */
#define NO_PHASE	(-1)

/**
 * struct line - a cache line in a phase
 * @number: physical address over its size
 * @phase: the phase; the slot is free if there are no @writes
 * @vaddr: virtual address of a write
 * @writer: instruction that made it
 * @writes: by each processor
 */
struct line {
	uint64_t number;
	int phase;
	uint64_t vaddr;
	uint64_t writer;
	unsigned long writes[PROCESSORS];
	int used;
};

int qemu_plugin_version = QEMU_PLUGIN_VERSION;

static pthread_mutex_t lines_lock = PTHREAD_MUTEX_INITIALIZER;
static struct line lines[SLOTS];
static int phase_of[PROCESSORS];	/* each is only its processor's */
static const char *report_path;

static int writers(const struct line *line)
{
	int count = 0;

	for (int i = 0; i < PROCESSORS; i++)
		count += line->writes[i] > 0;
	return count;
}

static void report(void)
{
	FILE *file = fopen(report_path, "w");

	if (!file) {
		perror(report_path);
		return;
	}
	pthread_mutex_lock(&lines_lock);
	for (int slot = 0; slot < SLOTS; slot++) {
		const struct line *line = &lines[slot];

		if (writers(line) < 2)
			continue;
		fprintf(file, "%d %#" PRIx64 " %#" PRIx64 " %#" PRIx64, line->phase,
			line->number << LINE_SHIFT, line->vaddr, line->writer);
		for (int i = 0; i < PROCESSORS; i++)
			fprintf(file, " %lu", line->writes[i]);
		fprintf(file, "\n");
	}
	pthread_mutex_unlock(&lines_lock);
	fclose(file);
}

static struct line *line_of(uint64_t number, int phase)
{
	unsigned int slot = (number * 31 + phase) % SLOTS;

	while (lines[slot].used && (lines[slot].number != number || lines[slot].phase != phase))
		slot = (slot + 1) % SLOTS;
	lines[slot].used = 1;
	lines[slot].number = number;
	lines[slot].phase = phase;
	return &lines[slot];
}

static void count_write(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr,
			uint64_t writer)
{
	const struct qemu_plugin_hwaddr *address = qemu_plugin_get_hwaddr(info, vaddr);
	struct line *line;

	if (!address)
		return;
	pthread_mutex_lock(&lines_lock);
	line = line_of(qemu_plugin_hwaddr_phys_addr(address) >> LINE_SHIFT, phase_of[vcpu]);
	line->vaddr = vaddr;
	line->writer = writer;
	line->writes[vcpu]++;
	pthread_mutex_unlock(&lines_lock);
}

static void on_write(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t vaddr, void *writer)
{
	/* Those of an instruction that reads and writes come as well. */
	if (vcpu >= PROCESSORS || !qemu_plugin_mem_is_store(info))
		return;
	if (vaddr >= LINES_BEGIN(0) && vaddr <= LINES_REPORT) {
		phase_of[vcpu] = NO_PHASE;
		if (vaddr < LINES_END)
			phase_of[vcpu] = (vaddr - LINES_PAGE) / LINES_STEP;
		else if (vaddr == LINES_REPORT)
			report();
	} else if (phase_of[vcpu] != NO_PHASE) {
		count_write(vcpu, info, vaddr, (uintptr_t)writer);
	}
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (size_t i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		uintptr_t address = qemu_plugin_insn_vaddr(insn);

		qemu_plugin_register_vcpu_mem_cb(insn, on_write, QEMU_PLUGIN_CB_NO_REGS,
						 QEMU_PLUGIN_MEM_W, (void *)address);
	}
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "lines: the argument is out=FILE\n");
		return -1;
	}
	report_path = strdup(argv[0] + 4);
	memset(phase_of, NO_PHASE, sizeof(phase_of));
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return report_path ? 0 : -1;
}
