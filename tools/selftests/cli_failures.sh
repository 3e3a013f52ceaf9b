#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every failure of the command ntimp says what the cause is and what to do next.
#
# Runs as root in a guest that has the module and the users alice and bob.

# Each situation is a command line for bash -c, which is to expand it.
# shellcheck disable=SC2016

number=0 failures=0
work=$(mktemp -d)
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT

# On standard error stand the lines that are expected, where * is anything, and of a wrong
# command line then where to look.
said_as_expected() { # FILE EXPECTED...
	local lines i
	mapfile -t lines <"$1"
	shift
	[[ $# -gt 1 ]] || set -- "$@" 'Try `ntimp*--help'"'"'*'
	[ ${#lines[@]} = $# ] && [[ $1 == ntimp*:\ * && $2 == @('-> '|'Try ')* ]] || return
	for ((i = 0; i < $#; i++)); do
		# shellcheck disable=SC2053 # a pattern
		[[ ${lines[i]#"${lines[i]%%[! ]*}"} == ${*:i+1:1} ]] || return
	done
}

situation() { # STATUS COMMAND-LINE EXPECTED...
	local status=0 verdict='not ok'
	bash -c "$2" >/dev/null 2>"$work/err" || status=$?
	if [ $status = "$1" ] && said_as_expected "$work/err" "${@:3}"; then
		verdict=ok
	else
		failures=$((failures + 1))
	fi
	number=$((number + 1))
	printf '%s %d - %s\n#   status %s, wanted %s\n' "$verdict" $number "${2//$'\n'/ }" $status "$1"
	sed 's/^/#   | /' "$work/err"
	[ "$verdict" = ok ] || printf '#   wanted: %s\n' "${@:3}"
}

# Standard input has, for each: STATUS COMMAND-LINE, and below it the lines that are
# expected, each after "| ".  tools/cli/failures.md is made of it, too.
situations() {
	local line now=()
	while read -r line; do
		case $line in
		'| '*) now+=("${line#| }") ;;
		*)
			[ ${#now[@]} = 0 ] || situation "${now[@]}"
			now=("${line%% *}" "${line#* }")
			;;
		esac
	done
	situation "${now[@]}"
}

command -v ntimp >/dev/null ||
	{ printf 'Bail out! ntimp is not in the guest: make cli\n'; exit 1; }
export alice='setpriv --reuid 1001 --regid 1001 --clear-groups'
export setids='--inh-caps +setuid,+setgid --ambient-caps +setuid,+setgid'

situations <<'END'
64 ntimp
| ntimp: a command is needed
64 ntimp nonsense
| ntimp: there is no command `nonsense'
| -> `ntimp --help' lists the commands
64 ntimp status --nonsense
| ntimp status: unrecognized option '--nonsense'
64 ntimp capture
| ntimp capture: which client? --user, --uid, --peer-fd, --context-fd, --pid, --self or --anonymous
64 ntimp capture --self --level system
| ntimp capture: there is no level `system'
64 ntimp capture --self --anonymous
| ntimp capture: there can be one client only
64 ntimp capture --uid 1
| ntimp capture: --uid needs --gid
64 ntimp exec-as -- true
| ntimp exec-as: as whom? --user, --uid, --peer-fd, --context-fd, --pid, --self or --anonymous
64 ntimp exec-as --self
| ntimp exec-as: a command is needed
64 ntimp show three
| ntimp show: one context is shown: FD, or PID/FD
64 ntimp top -n 0
| ntimp top: --count wants a positive number, not `0'
64 ntimp list everything
| ntimp list: Too many arguments
64 ntimp explain -t nobody
| ntimp explain: --thread wants a number, not `nobody'
64 ntimp revert 0
| ntimp revert: TID is a positive number, not `0'
65 unshare --user --map-root-user ntimp capture --uid 4711 --gid 0
| ntimp capture: no context of the client: an id has no meaning here
| -> look whether it is mapped in this user namespace: /proc/self/uid_map, gid_map
66 ntimp show 9
| ntimp show: descriptor 9: no such descriptor is open
| -> open or inherit it first
66 ntimp show 0
| ntimp show: descriptor 0: the descriptor is not a context
| -> `ntimp capture -- COMMAND' hands one to COMMAND, in $NTIMP_CONTEXT_FD
66 ntimp show 2147483647/3
| ntimp show: descriptor 3 of process 2147483647: there is no such process or thread
| -> look for it with ps(1)
66 ntimp show 1/999
| ntimp show: descriptor 999 of process 1: no such descriptor is open
| -> open or inherit it first
66 ntimp wearers 1/0
| ntimp wearers: descriptor 0: the descriptor is not a context
| -> `ntimp capture -- COMMAND' hands one to COMMAND, in $NTIMP_CONTEXT_FD
66 ntimp explain 9
| ntimp explain: descriptor 9: no such descriptor is open
| -> open or inherit it first
66 ntimp explain --pid 2147483647
| ntimp explain: process 2147483647: there is no such process or thread
| -> look for it with ps(1)
66 ntimp whoami 2147483647
| ntimp whoami: process 2147483647: there is no such process or thread
| -> look for it with ps(1)
66 ntimp whoami </dev/null
| ntimp whoami: descriptor 0: not a socket
| -> give a connected AF_UNIX socket
66 ntimp whoami --socket-fd 9
| ntimp whoami: descriptor 9: no such descriptor is open
| -> open or inherit it first
66 exec 5<>/dev/udp/127.0.0.1/9; ntimp whoami --socket-fd 5
| ntimp whoami: descriptor 5: not an AF_UNIX socket
| -> the kernel knows the peers of local sockets only
66 ntimp revert 2147483647
| ntimp revert: thread 2147483647: there is no such process or thread
| -> look for it with ps(1)
66 ntimp capture --pid 2147483647
| ntimp capture: no context of the client: there is no such process or thread
| -> look for it with ps(1)
67 ntimp capture --user nonsense
| ntimp capture: no context of the client: there is no such user
| -> getent passwd lists the users
67 ntimp capture --uid 1 --gid 1 --groups nonsense
| ntimp capture: there is no group `nonsense'
| -> getent group lists the groups
71 ulimit -n 5; ntimp capture --self
| ntimp capture: no context of the client: no descriptor is free
| -> raise the limit: ulimit -n
71 unshare -m bash -c 'umount -l /proc; ntimp list'
| ntimp list: looking through /proc: it is not there
| -> mount it: mount -t proc none /proc
74 ntimp status >/dev/full
| ntimp status: the output could not be written: No space left on device
| -> look at what standard output is connected to
75 sleep 1000 & kill -STOP $!; ntimp revert $!; status=$?; kill -KILL $!; exit $status
| ntimp revert: thread *: it could not be reached
| -> it is stopped, traced or stuck in the kernel: let it go on, or end it
76 unshare -m bash -c 'mount -t tmpfs none /proc; mkdir -p /proc/7/fdinfo; echo ntimp_id: 1 >/proc/7/fdinfo/3; ntimp show 7/3'
| ntimp show: descriptor 3 of process 7: the module says something else of a context than this ntimp knows
| -> use the ntimp of the same version as the module: `ntimp status'
77 $alice ntimp capture --user bob
| ntimp capture: no context of the client: clients made of ids are not for everybody
| -> it takes CAP_SETUID and CAP_SETGID: run it as root
77 $alice ntimp capture --pid 1
| ntimp capture: no context of the client: not everybody may act as a process, and a process that acts for somebody who allows less can be captured for less only
| -> it takes CAP_SETUID and CAP_SETGID: run it as root; ask for less: capture --level, --effective-only
77 $alice ntimp show 1/0
| ntimp show: descriptor 0 of process 1: its descriptors may not be seen
| -> it takes the right to trace it: run it as root
77 $alice ntimp revoke 1/0
| ntimp revoke: descriptor 0 of process 1: its descriptors may not be had
| -> it takes the right to trace it: run it as root
77 $alice ntimp revert 1
| ntimp revert: thread 1: you may not, or it is a thread of the kernel's
| -> it takes CAP_SETUID, CAP_SETGID and the right to trace it: run it as root
77 $alice ntimp explain --pid 1
| ntimp explain: process 1: who it is may not be asked
| -> it takes CAP_SETUID, CAP_SETGID and the right to trace it: run it as root
77 $alice ntimp exec-as --user bob -- true
| ntimp exec-as: no context of the client: clients made of ids are not for everybody
| -> it takes CAP_SETUID and CAP_SETGID: run it as root
77 ntimp revert 2
| ntimp revert: thread 2: you may not, or it is a thread of the kernel's
| -> it takes CAP_SETUID, CAP_SETGID and the right to trace it: run it as root
77 ntimp capture --user bob -- $alice ntimp revoke
| ntimp revoke: descriptor 3: it was made by another user
| -> it takes CAP_SETUID and CAP_SETGID: run it as root
77 ntimp capture --user bob -- $alice ntimp explain --thread 1
| ntimp explain: thread 1: who the thread is may not be asked
| -> it takes CAP_SETUID, CAP_SETGID and the right to trace it: run it as root
77 ntimp capture --user bob -- $alice ntimp exec-as --context-fd 3 -- true
| ntimp exec-as: to act as the client takes CAP_SETUID CAP_SETGID
| -> run it as root
77 ntimp capture --self -- $alice $setids ntimp exec-as --context-fd 3 -- true
| ntimp exec-as: the client is root, and who calls is not
| -> run it as root, or load the module with allow_root_clients=1 if you know what that opens
77 ntimp capture --user bob -l identification -- ntimp exec-as --context-fd 3 -- true
| ntimp exec-as: the client allows level identification: to ask who it is at most, not to act as it
| -> the client has to allow level impersonation
77 ntimp capture --user bob -l identification -- ntimp capture --context-fd 3 --level delegation
| ntimp capture: no context of the client: the context allows less
| -> ask for less: capture --level, --effective-only
77 ntimp capture --user bob -- bash -c 'ntimp revoke >/dev/null; ntimp exec-as --context-fd 3 -- true'
| ntimp exec-as: the client cannot be impersonated: the context was revoked
| -> make a new one, if you may
126 ntimp exec-as --user bob -- /etc/passwd
| ntimp exec-as: cannot start /etc/passwd: it may not be executed
| -> look at the modes of the file and of the directories above it
127 ntimp exec-as --user bob -- nonsense-command
| ntimp exec-as: cannot start nonsense-command: there is no such command
| -> look at its spelling, $PATH, and the interpreter its first line names
END
# Without the device, and without the module.
situations <<'END'
69 rmmod ntimp; ntimp list
| ntimp list: looking through /proc: there is no /dev/ntimp: the module ntimp is not loaded
| -> modprobe ntimp (or insmod ntimp.ko); `ntimp status' says what this kernel lacks
69 ntimp top
| ntimp top: looking through /proc: there is no /dev/ntimp: the module ntimp is not loaded
| -> modprobe ntimp (or insmod ntimp.ko); `ntimp status' says what this kernel lacks
69 ntimp capture --self
| ntimp capture: no context of the client: there is no /dev/ntimp: the module ntimp is not loaded
| -> modprobe ntimp (or insmod ntimp.ko); `ntimp status' says what this kernel lacks
69 ntimp explain --pid 1
| ntimp explain: process 1: there is no /dev/ntimp: the module ntimp is not loaded
| -> modprobe ntimp (or insmod ntimp.ko); `ntimp status' says what this kernel lacks
69 ntimp exec-as --self -- true
| ntimp exec-as: no context of the client: there is no /dev/ntimp: the module ntimp is not loaded
| -> modprobe ntimp (or insmod ntimp.ko); `ntimp status' says what this kernel lacks
69 ntimp revert 1
| ntimp revert: thread 1: there is no /dev/ntimp: the module ntimp is not loaded
| -> modprobe ntimp (or insmod ntimp.ko); `ntimp status' says what this kernel lacks
END
situations <<'END'
77 insmod /lib/modules/ntimp.ko mode=0600; $alice ntimp capture --self
| ntimp capture: no context of the client: /dev/ntimp may not be opened
| -> its mode was narrowed by the module parameter mode or by udev: ask the administrator
END
rmmod ntimp
insmod /lib/modules/ntimp.ko

printf '1..%d\n' $number
[ $failures = 0 ]
