#!/bin/sh
# Makes the root directory of the images' Debian: Python with the locked libraries, and PostgreSQL's server.
# A root that has everything but the right libraries gets those.
# Whatever is mounted stays in a namespace of this process alone, so it may be killed at any moment.
# usage: base.sh ROOT SUITE REQUIREMENTS WHEELS
set -eu
[ "$1" = --inside ] || exec unshare --mount --propagation private sh "$0" --inside "$@"
root=$2 suite=$3 requirements=$4 wheels=$5
packages=python3,python3-venv,postgresql,tzdata

[ -x "$root/usr/bin/python3" ] || debootstrap --variant=minbase --include="$packages" "$suite" "$root"
rm -rf "$root/opt/madoguchi"
mkdir -p "$root/wheels" "$root/opt/madoguchi"
mount --bind "$wheels" "$root/wheels"
mount -t proc proc "$root/proc"
cp "$requirements" "$root/opt/madoguchi/requirements.txt"
echo "I: Python libraries"
chroot "$root" python3 -m venv /opt/madoguchi/venv
chroot "$root" /opt/madoguchi/venv/bin/pip install --quiet --no-cache-dir --no-index --find-links /wheels \
    --require-hashes -r /opt/madoguchi/requirements.txt
umount "$root/proc" "$root/wheels"
rmdir "$root/wheels"
cp "$requirements" "$root/opt/madoguchi/installed.txt"
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/*
