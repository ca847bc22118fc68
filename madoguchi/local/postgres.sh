#!/bin/sh
# Runs one of PostgreSQL's programs as user postgres with DIRECTORY as /var/lib/postgresql, wherever DIRECTORY
# lies (user postgres could not walk into /root). The mount lives in a namespace of this process alone.
# usage: postgres.sh DIRECTORY PROGRAM ARGUMENT…
set -eu
[ "$1" = --inside ] || exec unshare --mount --propagation private sh "$0" --inside "$@"
shift
mount --bind "$1" /var/lib/postgresql
shift
cd /
exec setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"
