#!/usr/bin/env bash
# fetch_picture_sets.sh [FOLDER] — the pictures of the world "picturebook": LOOK/KIND.webp and LOOK/KIND.png for every
# row of src/storybook/kinds/pictures.json, from three npm packages (MIT, MIT, Apache-2.0), never committed.
# FOLDER: build/share/easel/pictures beside this checkout. EASEL_PICTURE_ARCHIVES: a folder that has the packages already.
set -euo pipefail

scripts=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
table=$scripts/../src/storybook/kinds/pictures.json
folder=${1:-$scripts/../build/share/easel/pictures}
side_px=256

# name, version, archive, SHA-512
packages=(
  "@lobehub/fluent-emoji-3d 1.1.0 lobehub-fluent-emoji-3d-1.1.0.tgz 5a5ab69554ad4e7afc043a48274a449d328ee0bb83c71a931214ef46d0f50cb445d267bba207914232a87a10c75ee549d9069e720979c1106feb4954006de1ee"
  "fluentui-emoji 1.3.0 fluentui-emoji-1.3.0.tgz 2535d7c2a2227b6ad64e03a42090c9c6bd16b704f3d9653891d3aaf1bb8b553858c10dbae1a151da3753caea27da811b2eaa86313eb8cc8e1bb729f5b1a076c7"
  "@iconify-json/noto 1.2.9 iconify-json-noto-1.2.9.tgz 0d08ae5c435bba7e35721f973d2579e47f456962a91d3cb3e3a6082ad49a2980f87c80c3ccbd6d47a1f89e9fd3dfc8dfad301e237adc285d26a8761e65502e6b"
)

die() {
  echo "fetch_picture_sets: $*" >&2
  exit 1
}

stamp=$( (sha256sum <"$table" && printf '%s\n' "${packages[@]}") | sha256sum | cut -d ' ' -f 1)
[[ ! -f $folder/stamp || $(<"$folder/stamp") != "$stamp" ]] || exit 0
for program in npm:npm jq:jq rsvg-convert:librsvg2-bin; do
  command -v "${program%%:*}" >/dev/null || die "${program%%:*} is missing: apt-get install ${program#*:}"
done

work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT

# Brings a package and unpacks it to $work/NAME.
unpack() { # NAME VERSION ARCHIVE SHA512
  local archive=${EASEL_PICTURE_ARCHIVES:-$work}/$3
  if [[ ! -f $archive ]]; then
    archive=$work/$3
    npm pack --silent --pack-destination "$work" "$1@$2" >/dev/null 2>"$work/npm.log" ||
      die "$1 $2 cannot be fetched: $(grep -m 1 -o 'code .*' "$work/npm.log" || echo 'is there a network?')"
  fi
  echo "$4  $archive" | sha512sum --check --status || die "$archive is broken: its SHA-512 is not that of $1 $2"
  mkdir -p "$work/$1"
  tar -xzf "$archive" -C "$work/$1" --strip-components 1
}

echo "fetch_picture_sets: fetching 43 MB, drawing $(jq length "$table") kinds" >&2
for package in "${packages[@]}"; do
  # shellcheck disable=SC2086
  unpack $package
done

out=$work/out
mkdir -p "$out"/{3d,flat,ink,sticker} "$work/noto"
three_d=$work/@lobehub/fluent-emoji-3d/assets
fluent=$work/fluentui-emoji/icons
# Every icon that the table names as a file, on a square.
jq -r --slurpfile icons "$work/@iconify-json/noto/icons.json" '
  $icons[0] as $set | .[] | select(.looks | index("sticker")) | .noto as $name | .name as $kind |
  ($set.icons[$name] // error("\($kind): no \($name) in noto")) |
  (.width // $set.width // 128) as $w | (.height // $set.height // 128) as $h | ([$w, $h] | max) as $m |
  "\($kind)\t<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"\(($w - $m) / 2) \(($h - $m) / 2) \($m) \($m)\">\(.body | gsub("\n"; " "))</svg>"' \
  "$table" 2>"$work/jq.log" | while IFS=$'\t' read -r kind svg; do printf '%s' "$svg" >"$work/noto/$kind.svg"; done ||
  die "$(grep -o '(.*' "$work/jq.log")"

# kind, look, file: one line for each picture
jq -r '.[] | . as $row | .looks[] | [$row.name, ., (
    if . == "3d" then $row.emoji elif . == "flat" then $row.flat
    elif . == "ink" then ($row.ink // $row.flat) else $row.name end)] | @tsv' "$table" >"$work/pictures"
draw() { # SVG PNG
  rsvg-convert --width "$side_px" --height "$side_px" --keep-aspect-ratio "$1" --output "$2"
}
export -f draw
export side_px
while IFS=$'\t' read -r kind look name; do
  case $look in
    3d) source=$three_d/$name.webp ;;
    flat) source=$fluent/flat/$name.svg ;;
    ink) source=$fluent/high-contrast/$name.svg ;;
    sticker) source=$work/noto/$kind.svg ;;
    *) die "$kind: look $look; must be 3d, flat, ink or sticker" ;;
  esac
  [[ -f $source ]] || die "$kind: no picture $name for the look $look"
  if [[ $look == 3d ]]; then
    cp "$source" "$out/3d/$kind.webp"
  else
    printf '%s\0%s\0' "$source" "$out/$look/$kind.png"
  fi
done <"$work/pictures" >"$work/drawings"
# shellcheck disable=SC2016
xargs -0 -n 2 -P "$(nproc)" bash -c 'draw "$0" "$1"' <"$work/drawings" || die "a picture cannot be drawn"

echo "$stamp" >"$out/stamp"
mkdir -p "$(dirname -- "$folder")"
rm -rf -- "$folder.new"
cp -r "$out" "$folder.new"
rm -rf -- "$folder"
mv "$folder.new" "$folder"
