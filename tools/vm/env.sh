# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced by the scripts next to it: where things are kept, and how to report.

vm_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # used by the scripts that source this file
top_dir=$(cd "$vm_dir/../.." && pwd)
# shellcheck disable=SC2034
cache_dir=${NTIMP_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/ntimp}

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# die STATUS CAUSE [WAY OUT]
die() {
	local status=$1
	shift
	printf '%s: error: %s\n' "${0##*/}" "$1" >&2
	[ $# -lt 2 ] || printf '  -> %s\n' "$2" >&2
	exit "$status"
}

# The comment block at the top of a script is its --help text.
usage() { sed -n '3,/^$/{s/^# \{0,1\}//;p}' "$0"; }

# Everything has the version of the module.
version() {
	printf '%s (ntimp) %s\n' "${0##*/}" \
		"$(sed -n 's/^MODULE_VERSION("\(.*\)");$/\1/p' "$top_dir/ntimp/main.c")"
}
