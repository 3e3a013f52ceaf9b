# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced, after tools/vm/env.sh: Debian packages that a server needs to be built.

install_packages() { # NAME...
	local sudo=()
	[ "$(id -u)" = 0 ] || sudo=(sudo)
	"${sudo[@]}" apt-get -qq -y --no-install-recommends install "$@" >&2 ||
		die 1 "the packages $* could not be installed" "see above"
}

need_packages() { # NAME...
	local name
	for name; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] ||
			die 1 "the package $name is not installed" "build --deps"
	done
}
