#!/bin/sh
# Archive one finished WAL segment: $1 its path, $2 its name, $3 the archive folder.
# Accepts a segment that is already there with the same content, as after a crash; refuses
# one with other content, because two servers would be writing into one archive.
set -eu
target="$3/$2.gz"
if [ -f "$target" ]; then
    gzip -dc "$target" | cmp -s - "$1"
    exit
fi
nice -n 19 gzip -1 <"$1" >"$target.part"
sync "$target.part" 2>/dev/null || sync
mv "$target.part" "$target"
