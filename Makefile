# SPDX-License-Identifier: GPL-2.0
# Entry points: build, install, demonstrate and check.  `make help' lists them.

KDIR    ?= /lib/modules/$(shell uname -r)/build
KERNEL  ?= 6.12
KERNELS ?= 6.1 6.12
PREFIX  ?= /usr/local
DESTDIR ?=

BUILD := $(abspath .build)
# Sub-makes use all processors; this file's own targets run one after the other.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif
.NOTPARALLEL:

.PHONY: all module lib cli setids bindings examples selftests deps demo check kunit fuzz bench \
	bench-host check-debug check-servers coverage lint install install-user uninstall deb \
	dkms-install dkms-uninstall diagrams packaging-deps check-packages check-install clean help \
	FORCE
all: module lib cli setids bindings

# --- the module: one build directory per kernel release ---------------------

RELEASE = $(or $(shell sed -n 's/^.define UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null),unknown)
# GCOV=1 counts what runs, on kernels with CONFIG_GCOV_KERNEL: see make coverage.
GCOV    ?=
MODDIR   = $(BUILD)/$(RELEASE)$(if $(GCOV),-gcov)
# Files alone: kunit is also the name of a target.
SOURCES := $(shell find Kbuild ntimp kunit -type f 2>/dev/null)
# Headers that carry a vmlinux want pahole for BTF, which the module can do without.
NO_BTF  := $(if $(shell command -v pahole),,CONFIG_DEBUG_INFO_BTF_MODULES=)

module:
	@test -f '$(KDIR)/Makefile' && test '$(RELEASE)' != unknown || { \
		echo "error: no kernel headers in KDIR=$(KDIR)" >&2; \
		echo "  -> apt-get install linux-headers-$$(uname -r), or" >&2; \
		echo "  -> make module KDIR=\$$(tools/vm/fetch-kernel 6.12)/build" >&2; exit 1; }
	@test -f Kbuild || { echo 'error: Kbuild is missing: this checkout is not complete' >&2; \
		echo '  -> git checkout -- Kbuild' >&2; exit 1; }
	@$(MAKE) -s --no-print-directory '$(MODDIR)/ntimp.ko' KDIR='$(KDIR)' MODDIR='$(MODDIR)'

# Kbuild writes next to its sources: give it a tree of links, so that the objects
# of two kernels never mix and the checkout stays clean.  The lock is for two
# guests started at the same time.
$(MODDIR)/ntimp.ko: $(SOURCES) $(if $(KCFLAGS)$(W)$(C),FORCE)
	@echo "building ntimp.ko for $(RELEASE)" >&2
	@mkdir -p $(MODDIR)
	@exec 9>$(MODDIR)/.lock && flock 9 && \
	cp -rsf $(foreach s,Kbuild ntimp kunit,$(abspath $(wildcard $(s)))) $(MODDIR)/ && \
	find $(MODDIR) -xtype l -delete && \
	$(MAKE) -s --no-print-directory -C $(KDIR) M=$(MODDIR) $(NO_BTF) \
		$(if $(GCOV),GCOV_PROFILE=y) modules >&2 && \
	touch $@

# --- userspace: each part has its own Makefile ------------------------------

lib cli setids bindings examples selftests:
	@if test -f tools/$@/Makefile; then \
		mkdir -p $(BUILD)/bin $(BUILD)/lib && \
		$(MAKE) -s --no-print-directory -C tools/$@ BUILD=$(BUILD); \
	fi
cli bindings examples selftests: lib
selftests: setids

# Those of them that go to the system.
INSTALLED := $(foreach part,lib cli setids bindings bpftrace man/diagrams packaging,$\
	$(if $(wildcard tools/$(part)/Makefile),$(part)))

# --- what the work needs ----------------------------------------------------

PACKAGES := build-essential flex bison bc libelf-dev libssl-dev kmod cpio rsync xz-utils lz4 zstd \
	python3 perl qemu-system-x86 busybox-static linux-source-6.1 linux-source-6.12 ccache \
	sparse libcap-ng-dev libjson-c-dev liburing-dev libkeyutils-dev libseccomp-dev pkg-config \
	mandoc man-db gcc-multilib shellcheck acl e2fsprogs keyutils libcap2-bin util-linux auditd \
	gcc-mingw-w64-x86-64-win32 rustc cargo mypy zsh

deps:
	@missing=; for p in $(PACKAGES); do \
		case $$(dpkg-query -W -f '$${db:Status-Status}' $$p 2>/dev/null) in \
		installed) ;; *) missing="$$missing $$p" ;; esac; \
	done; \
	test -n "$$missing" || exit 0; \
	echo "installing:$$missing" >&2; \
	sudo=; test "$$(id -u)" = 0 || sudo=sudo; \
	$$sudo apt-get -qq update >&2 && \
	$$sudo env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 \
		--no-install-recommends install $$missing >&2 || { \
		echo 'error: the packages above could not be installed' >&2; \
		echo '  -> this needs Debian 12 with its archive reachable, and root or sudo' >&2; exit 1; }

# --- run --------------------------------------------------------------------

demo: deps
	@kernel=$$(tools/vm/fetch-kernel $(KERNEL)) && \
	$(MAKE) --no-print-directory module KDIR="$$kernel/build" && \
	$(MAKE) --no-print-directory lib cli examples && \
	tools/examples/demo --kernel $(KERNEL)

FILTER ?= *

kunit: deps
	@kunit/run --kernel $(KERNEL) --filter '$(FILTER)'

CALLS ?= 1000000

# Where there is a choice, on a kernel that looks for faults.
fuzz: deps
	@tools/fuzz/run --kernel $(if $(findstring -,$(KERNEL)),$(KERNEL),$(KERNEL)-debug) --calls $(CALLS)

# One kernel if it was asked for, otherwise all; the newest one's ratios have targets.
BENCH_KERNELS = $(if $(filter command environment,$(firstword $(origin KERNEL))),$(KERNEL),$(KERNELS))

bench bench-host: PACKAGES += gnuplot-nox
bench: deps
	@tools/bench/run $(addprefix --kernel ,$(BENCH_KERNELS))

bench-host: deps
	@tools/bench/run --host

check-debug: deps
	@.ci/check-debug $(KERNELS)

# Servers that were changed to use ntimp; what they need is no part of deps.
check-servers: deps
	@for build in tools/examples/*/build; do $$build --deps >/dev/null || exit; done
	@tools/examples/check-servers --kernel $(KERNEL)

coverage: deps
	@tools/vm/coverage $(KERNEL)

diagrams: PACKAGES += graphviz
diagrams: deps
	@$(MAKE) -s --no-print-directory -C tools/man/diagrams

lint: deps
	@.ci/lint $(KERNELS)

check: deps
	@.ci/check $(KERNELS)

# --- install ----------------------------------------------------------------

# depmod only on the running system: a package does it where it is installed.
DEPMOD = $(if $(DESTDIR),true,depmod $(RELEASE))
UPDATES = $(DESTDIR)/lib/modules/$(RELEASE)/updates
MANUALS = $(wildcard tools/man/*.[1-8])
MANDIR = $(DESTDIR)$(PREFIX)/share/man
manual = $(MANDIR)/man$(subst .,,$(suffix $(1)))/$(notdir $(1))

install: all install-user
	install -D -m 644 $(MODDIR)/ntimp.ko $(UPDATES)/ntimp.ko
	$(DEPMOD)

# All but the module: what the packages are made of, too.
install-user: lib cli setids bindings
	@$(foreach part,$(INSTALLED),$(MAKE) -s --no-print-directory -C tools/$(part) install \
		BUILD=$(BUILD) PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' &&) true
	@for page in $(MANUALS); do \
		dir='$(MANDIR)'/man$${page##*.} && install -d "$$dir" && \
		if test -h $$page; then cp -P $$page "$$dir"; \
		else install -m 644 $$page "$$dir"; fi || exit; \
	done

uninstall:
	rm -f $(UPDATES)/ntimp.ko
	$(DEPMOD)
	@$(foreach part,$(INSTALLED),$(MAKE) -s --no-print-directory -C tools/$(part) uninstall \
		BUILD=$(BUILD) PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' &&) true
	@rm -f $(foreach m,$(MANUALS),'$(call manual,$(m))')

# --- packages ---------------------------------------------------------------

# Their needs are added to those of everything.
deb packaging-deps check-packages check-install: PACKAGES += debhelper dh-dkms dh-python zlib1g-dev
check-packages check-install packaging-deps: PACKAGES += lintian mmdebstrap
packaging-deps: deps

deb: deps
	@$(MAKE) -s --no-print-directory -C tools/packaging deb BUILD=$(BUILD)

dkms-install dkms-uninstall:
	@$(MAKE) -s --no-print-directory -C tools/packaging $@ DESTDIR='$(DESTDIR)'

check-packages: deps
	@tools/packaging/check-packages

check-install: deps
	@tools/packaging/check-install

clean:
	rm -rf $(BUILD)

help:
	@echo 'make demo       show the module at work in a throw-away guest (KERNEL=6.1|6.12)'
	@echo 'make check      static checks and all tests on kernels $(KERNELS)'
	@echo 'make            the module for KDIR=, libraries and commands'
	@echo 'make module     ntimp.ko for KDIR= (default: the running kernel), in .build/RELEASE/'
	@echo "make kunit      KUnit suites on a kernel built for them (KERNEL=6.1|6.12, FILTER='gate*')"
	@echo 'make fuzz       random calls by threads of all privileges, on a debug kernel (KERNEL=, CALLS=)'
	@echo 'make bench      what it costs, and what servers do today (KERNEL=): tools/bench/README.md'
	@echo 'make bench-host the latter on this machine, in nanoseconds, without the module'
	@echo 'make check-debug  suites and tests on kernels with KASAN, lockdep, kmemleak ...'
	@echo 'make check-servers  servers which others wrote, changed to use ntimp (KERNEL=)'
	@echo 'make coverage   which lines and branches of the module the tests reach (KERNEL=)'
	@echo 'make diagrams   those of the manual, by graphviz, from tools/man/diagrams/*.dot'
	@echo 'make lint       W=1, sparse, checkpatch and shellcheck only'
	@echo 'make deps       install what is missing of the Debian packages needed'
	@echo 'make install    to DESTDIR=, below PREFIX=$(PREFIX); uninstall takes it away'
	@echo 'make dkms-install  the module to DKMS, for all kernels; dkms-uninstall takes it away'
	@echo 'make deb        Debian packages, in .build/deb/'
	@echo 'make check-packages  lintian, and the packages in a chroot: install, upgrade, purge'
	@echo 'make check-install  the packages on a Debian 12 with systemd, in a guest'
	@echo 'make clean      remove .build'
	@echo
	@echo 'tools/vm/run -- COMMAND     run a command in a guest; tools/vm/shell for a shell'
