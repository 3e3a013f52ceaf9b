#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every failure of the command ntimp says what the cause is and what to do next.
#
# Runs as root in a guest that has the module and the users alice and bob.  What is
# printed for each situation is shown, as a table of them.

# Each situation is a command line for bash -c, which is to expand it.
# shellcheck disable=SC2016

number=0 failures=0
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT

# On standard error stand two lines or more: "ntimp COMMAND: cause", and then either
# "  -> way out" or, of a wrong command line, "Try ...".
tells_both() { # FILE
	local lines
	mapfile -t lines <"$1"
	[ ${#lines[@]} -ge 2 ] && [[ ${lines[0]} =~ ^ntimp[\ a-z-]*:\ .{8,} ]] &&
		[[ ${lines[1]} =~ ^('  -> '.{8,}|'Try `ntimp'.*' --help'.*) ]]
}

situation() { # STATUS COMMAND-LINE
	local status=0 verdict='not ok'
	bash -c "$2" >/dev/null 2>"$work/err" || status=$?
	if [ $status = "$1" ] && tells_both "$work/err"; then
		verdict=ok
	else
		failures=$((failures + 1))
	fi
	number=$((number + 1))
	printf '%s %d - %s\n#   status %s, wanted %s\n' "$verdict" $number "${2//$'\n'/ }" $status "$1"
	sed 's/^/#   | /' "$work/err"
}

situations() { # each line of standard input: STATUS COMMAND-LINE
	local status line
	while read -r status line; do
		situation "$status" "$line"
	done
}

command -v ntimp >/dev/null ||
	{ printf 'Bail out! ntimp is not in the guest: make cli\n'; exit 1; }
export alice='setpriv --reuid 1001 --regid 1001 --clear-groups'
export setids='--inh-caps +setuid,+setgid --ambient-caps +setuid,+setgid'

situations <<'END'
64 ntimp
64 ntimp nonsense
64 ntimp status --nonsense
64 ntimp capture
64 ntimp capture --self --level system
64 ntimp capture --self --anonymous
64 ntimp capture --uid 1
64 ntimp exec-as -- true
64 ntimp exec-as --self
64 ntimp show three
64 ntimp top -n 0
64 ntimp list everything
64 ntimp explain -t nobody
64 ntimp revert 0
65 unshare --user --map-root-user ntimp capture --uid 4711 --gid 0
66 ntimp show 9
66 ntimp show 0
66 ntimp show 2147483647/3
66 ntimp show 1/999
66 ntimp wearers 1/0
66 ntimp explain 9
66 ntimp explain --pid 2147483647
66 ntimp whoami 2147483647
66 ntimp whoami </dev/null
66 ntimp whoami --socket-fd 9
66 exec 5<>/dev/udp/127.0.0.1/9; ntimp whoami --socket-fd 5
66 ntimp revert 2147483647
66 ntimp capture --pid 2147483647
67 ntimp capture --user nonsense
67 ntimp capture --uid 1 --gid 1 --groups nonsense
71 ulimit -n 5; ntimp capture --self
71 unshare -m bash -c 'umount -l /proc; ntimp list'
74 ntimp status >/dev/full
75 sleep 1000 & kill -STOP $!; ntimp revert $!; status=$?; kill -KILL $!; exit $status
76 unshare -m bash -c 'mount -t tmpfs none /proc; mkdir -p /proc/7/fdinfo; echo ntimp_id: 1 >/proc/7/fdinfo/3; ntimp show 7/3'
77 $alice ntimp capture --user bob
77 $alice ntimp capture --pid 1
77 $alice ntimp show 1/0
77 $alice ntimp revoke 1/0
77 $alice ntimp revert 1
77 $alice ntimp explain --pid 1
77 $alice ntimp exec-as --user bob -- true
77 ntimp revert 2
77 ntimp capture --user bob -- $alice ntimp revoke
77 ntimp capture --user bob -- $alice ntimp explain --thread 1
77 ntimp capture --user bob -- $alice ntimp exec-as --context-fd 3 -- true
77 ntimp capture --self -- $alice $setids ntimp exec-as --context-fd 3 -- true
77 ntimp capture --user bob -l identification -- ntimp exec-as --context-fd 3 -- true
77 ntimp capture --user bob -l identification -- ntimp capture --context-fd 3 --level delegation
77 ntimp capture --user bob -- bash -c 'ntimp revoke >/dev/null; ntimp exec-as --context-fd 3 -- true'
126 ntimp exec-as --user bob -- /etc/passwd
127 ntimp exec-as --user bob -- nonsense-command
END
# Without the device, and without the module.
situations <<'END'
69 rmmod ntimp; ntimp list
69 ntimp top
69 ntimp capture --self
69 ntimp explain --pid 1
69 ntimp exec-as --self -- true
69 ntimp revert 1
END
situation 77 "insmod /lib/modules/ntimp.ko mode=0600; \$alice ntimp capture --self"
rmmod ntimp
insmod /lib/modules/ntimp.ko

printf '1..%d\n' $number
[ $failures = 0 ]
