# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# Sourced: what is on a machine, to be compared before an installation and after a removal.

# Not what a package manager, the kernel and services write down of anything that happens,
# nor the key that DKMS makes for itself when it signs its first module.
files_of_no_package() {
	grep -vE -e '^/(proc|sys|dev|run|tmp|root)(/|$)' \
		-e '^/var/(log|cache|tmp|lib/(apt|dpkg|systemd))(/|$)' \
		-e '^/etc/(group|gshadow|passwd|shadow|subuid|subgid)-$' \
		-e '^/etc/\.(pwd|updated)' -e '^/var/lib/dkms/mok\.(key|pub)$' \
		-e '^/var/lib/(private|initramfs-tools)(/|$)' -e '^/lost\+found$'
}

# files ROOT: each file below it by name, and whose names the groups and users are.
files() {
	find "$1" -xdev \( -path "${1%/}/proc" -o -path "${1%/}/sys" -o -path "${1%/}/dev" \) -prune \
		-o -printf '/%P\n' | files_of_no_package | LC_ALL=C sort
	cat "${1%/}"/etc/{passwd,group}
	# Without what they keep of passwords.
	cut -d : -f 1 "${1%/}"/etc/{shadow,gshadow}
}
