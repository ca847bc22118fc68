#!/bin/sh
# The first process of a container of ours: writes its record as supervisord's children do, then becomes the program.
# usage: entry.sh NAME COMMAND   (NAME in run.json, COMMAND of `python -m madoguchi`)
set -eu
exec sh /opt/madoguchi/app/madoguchi/local/recorded.sh "$MADOGUCHI_HOME/supervisor/$1.process" \
    python -m madoguchi "$2"
