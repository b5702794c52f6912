#!/bin/sh
# Give back one WAL segment: $1 its name, $2 where to, then the folders to look in: archived
# ones are compressed, those saved from a lost server are not. Fails when there is none.
set -eu
name="$1" target="$2"
shift 2
for folder in "$@"; do
    if [ -f "$folder/$name.gz" ]; then
        gzip -dc "$folder/$name.gz" >"$target"
        exit
    fi
    if [ -f "$folder/$name" ]; then
        cp "$folder/$name" "$target"
        exit
    fi
done
exit 1
