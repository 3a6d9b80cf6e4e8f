#!/usr/bin/env bash
# fetch_picture_sets_test.sh CHECKOUT — scripts/fetch_picture_sets.sh on a table of two kinds and archives made here: what
# it makes, when it does nothing, and each of its failures, one line and exit status 1. Nothing is downloaded.
# Exit status 77: a program that it needs is not installed (a skipped test).
set -euo pipefail
script=$1/scripts/fetch_picture_sets.sh
for program in jq rsvg-convert npm; do
  command -v "$program" >/dev/null || { echo "fetch_picture_sets_test: $program is missing" >&2 && exit 77; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() {
  echo "fetch_picture_sets_test: $*" >&2
  exit 1
}

# A checkout of its own, whose script expects the archives that are made here.
checkout=$work/checkout
table=$checkout/src/storybook/kinds/pictures.json
fetch=$checkout/scripts/fetch_picture_sets.sh
mkdir -p "$checkout/scripts" "$(dirname "$table")"
cp "$script" "$fetch"

write_table() { # NOTO_ICON_OF_THE_DOG
  cat >"$table" <<END
[
{"name":"cat","emoji":"1f408","flat":"cat","noto":"cat","looks":["3d","flat","ink","sticker"]},
{"name":"dog","flat":"dog","noto":"$1","looks":["flat","sticker"]}
]
END
}

make_archive() { # NAME: of the files in $work/package
  mkdir -p "$work/archives"
  tar -czf "$work/archives/$1.tgz" -C "$work" package
  rm -r "$work/package"
}

expect_hash() { # PACKAGE ARCHIVE
  sed -i -E "s|(\"$1 [0-9.]+) [0-9a-f]{128}\"|\\1 $(sha512sum <"$work/archives/$2.tgz" | cut -d ' ' -f 1)\"|" "$fetch"
}

svg='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="9" fill="#f08030"/></svg>'
mkdir -p "$work/package/assets"
echo "a picture" >"$work/package/assets/1f408.webp"
make_archive lobehub-fluent-emoji-3d-1.1.0
for set in flat high-contrast; do
  mkdir -p "$work/package/icons/$set"
  for kind in cat dog; do echo "$svg" >"$work/package/icons/$set/$kind.svg"; done
done
make_archive fluentui-emoji-1.3.0
mkdir -p "$work/package"
jq -n '{width: 64, height: 64, icons: {cat: {body: "<path d=\"M0 0h64v64H0z\"/>"}, dog: {body: "<path d=\"M9 9h46v46H9z\"/>"}}}' \
  >"$work/package/icons.json"
make_archive iconify-json-noto-1.2.9
expect_hash @lobehub/fluent-emoji-3d lobehub-fluent-emoji-3d-1.1.0
expect_hash fluentui-emoji fluentui-emoji-1.3.0
expect_hash @iconify-json/noto iconify-json-noto-1.2.9

export EASEL_PICTURE_ARCHIVES=$work/archives
pictures="$work/pictures of kinds"

files() { cd "$work" && find . -not -path './npm*' | sort; }

expect_failure() { # PATTERN COMMAND…: one line, and nothing is left behind
  local pattern=$1 output before after
  shift
  before=$(files)
  if output=$("$@" 2>&1); then fail "succeeds: $*"; fi
  after=$(files)
  # shellcheck disable=SC2053 # a pattern
  [[ $output == $pattern && $output != *$'\n'* ]] || fail "expected: $pattern; it says: $output"
  [[ $after == "$before" ]] || fail "leaves behind: $(diff <(echo "$before") <(echo "$after"))"
}

without() { # PROGRAM COMMAND…: with all programs but this one
  local missing=$1 programs=$work/without-$1 program
  shift
  PATH=$programs "$@"
}
for missing in jq rsvg-convert npm; do
  mkdir "$work/without-$missing"
  for program in bash cat cmp cp cut dirname gzip jq ls mkdir mktemp mv npm readlink realpath rm rsvg-convert sha256sum sha512sum tar xargs; do
    [[ $program == "$missing" ]] || ln -s "$(command -v "$program")" "$work/without-$missing/$program"
  done
done

write_table dog
mkdir "$work/none"
expect_failure "fetch_picture_sets: jq is missing: apt-get install jq" without jq "$(command -v bash)" "$fetch" "$pictures"
expect_failure "fetch_picture_sets: rsvg-convert is missing: apt-get install librsvg2-bin" \
  without rsvg-convert "$(command -v bash)" "$fetch" "$pictures"
EASEL_PICTURE_ARCHIVES=$work/none expect_failure "fetch_picture_sets: npm is missing: apt-get install npm" \
  without npm "$(command -v bash)" "$fetch" "$pictures"
# A registry that refuses.
EASEL_PICTURE_ARCHIVES='' npm_config_registry=http://127.0.0.1:9 npm_config_cache=$work/npm \
  expect_failure "fetch_picture_sets: cannot download @lobehub/fluent-emoji-3d 1.1.0: no network?*" "$fetch" "$pictures"
cp -r "$work/archives" "$work/broken"
echo "more" >>"$work/broken/fluentui-emoji-1.3.0.tgz"
EASEL_PICTURE_ARCHIVES=$work/broken expect_failure "fetch_picture_sets: *fluentui-emoji-1.3.0.tgz is broken: *" "$fetch" "$pictures"
write_table wolf
expect_failure "fetch_picture_sets: kind dog has no sticker picture: no wolf.svg in noto" "$fetch" "$pictures"
write_table dog
touch "$work/none/something"
expect_failure "fetch_picture_sets: $work/none holds other things; name a new folder" "$fetch" "$work/none"
echo "no table" >"$table"
expect_failure "fetch_picture_sets: $table is no JSON array" "$fetch" "$pictures"
rm "$table"
expect_failure "fetch_picture_sets: $table is missing" "$fetch" "$pictures"

write_table dog
"$fetch" "$pictures"
found=$(cd "$pictures" && find . -type f | sort | tr '\n' ' ')
[[ $found == "./3d/cat.webp ./flat/cat.png ./flat/dog.png ./ink/cat.png ./stamp ./sticker/cat.png ./sticker/dog.png " ]] ||
  fail "it makes: $found"
[[ $(<"$pictures/3d/cat.webp") == "a picture" ]] || fail "the 3d picture is not as it was"
size=$(head -c 24 "$pictures/sticker/dog.png" | tail -c 8 | od -An -tu1 | tr -s ' ')
[[ $size == " 0 0 1 0 0 0 1 0" ]] || fail "the size of a picture is$size, not twice 0 0 1 0"
[[ $(stat -c %a "$pictures") == $(stat -c %a "$checkout") ]] || fail "others may not read the folder"

# Complete: it needs neither archives nor programs. Another table: all is made again.
touch "$pictures/kept"
EASEL_PICTURE_ARCHIVES=$work/none without jq "$(command -v bash)" "$fetch" "$pictures" || fail "a complete folder is not left alone"
[[ -e $pictures/kept ]] || fail "a complete folder is made again"
write_table cat
expect_failure "*is broken*" env EASEL_PICTURE_ARCHIVES="$work/broken" "$fetch" "$pictures"
[[ -e $pictures/kept ]] || fail "a failure takes away what was there"
"$fetch" "$pictures"
[[ ! -e $pictures/kept ]] || fail "another table is not seen"
cmp "$pictures/sticker/cat.png" "$pictures/sticker/dog.png" || fail "the new table is not followed"
