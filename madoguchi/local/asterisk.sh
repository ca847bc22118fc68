#!/bin/sh
# Runs Asterisk, or its command line, in its own root directory with one copy's home as /madoguchi.
# The mounts live in a namespace of this process alone: nothing outside sees them, nothing has to be undone.
# usage: asterisk.sh HOME ROOT USER -f | asterisk.sh HOME ROOT USER -rx COMMAND
set -eu
[ "$1" = --inside ] || exec unshare --mount --propagation private sh "$0" --inside "$@"
shift
home=$1 root=$2 user=$3
shift 3
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount --bind "$home" "$root/madoguchi"
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/tmp"
# By numbers: the user is one of this machine, and the root does not know its name.
exec chroot --userspec="$(id -u "$user"):$(id -g "$user")" --groups="$(id -g "$user")" "$root" \
    /usr/sbin/asterisk -C /madoguchi/asterisk/etc/asterisk.conf "$@"
