# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Sourced in the guest, as root: users, a server, and what mounts it.

server='' export=/srv/export mounted=/mnt/diod run=/run/diod
# As mountcheck is told: alice, bob, carol, dave and erin; staff and audio2.
# shellcheck disable=SC2034,SC2054 # for those who source this; the comma is mountcheck's
crowd=(1001:1001:2000 1002:1002:2000 1003:1003:2001 1004:1004:2000,2001 1005:1005)

prepare() {
	insmod ./9pnet_fd.ko
	mkdir -p $export $mounted $run
	mount -t tmpfs export $export
	chmod 755 $export
	chown daemon $run
	printf '%s:x:%s:%s::/:/bin/sh\n' dave 1004 1004 erin 1005 1005 >>/etc/passwd
	sed -i 's/^staff:.*/staff:x:2000:alice,bob,dave/; s/^audio2:.*/audio2:x:2001:carol,dave/' /etc/group
	# What a server makes is to have the mode that was asked for.
	umask 0
}

as() { # USER COMMAND...
	local user=$1
	shift
	setpriv --reuid "$user" --regid "$user" --init-groups "$@"
}

# serve WHICH [CAPABILITIES]: start a server as root, or as a user of its own who has
# these and no others; fails if it ends instead.
serve() {
	local as=() capabilities=-all,${2-}
	[ $# = 1 ] || as=(setpriv --reuid daemon --regid daemon --clear-groups --no-new-privs
		--inh-caps "$capabilities" --ambient-caps "$capabilities" --bounding-set "$capabilities")
	rm -f $run/socket
	"${as[@]}" "./diod-$1" --foreground --no-auth --nwthreads 8 --listen $run/socket \
		--export $export --export ctl --logdest stderr >/tmp/server.log 2>&1 &
	server=$!
	until [ -S $run/socket ]; do
		kill -0 $server 2>/dev/null || return
		sleep 0.1
	done
}

attach() { # USER [NAME DIRECTORY]: the user for whom the mount itself is made
	mount -t 9p -o "trans=unix,version=9p2000.L,access=user,cache=none,msize=65536,uname=$1,aname=${2-$export}" \
		$run/socket "${3-$mounted}"
}

end() {
	! grep -q " $mounted 9p " /proc/mounts || umount $mounted
	kill "$server" 2>/dev/null
	wait "$server" 2>/dev/null
	server=''
}
