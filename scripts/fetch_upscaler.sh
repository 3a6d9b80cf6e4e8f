#!/usr/bin/env bash
# fetch_upscaler.sh [esrgan-thick|esrgan-slim]… — networks that make pictures four times larger, for `easel upscale`, as
# build/share/easel/upscalers/NAME.safetensors beside this checkout. Taken from npm packages of UpscalerJS (MIT), never
# committed. esrgan-thick is the better one (a download of 110 MB), esrgan-slim the small one (4 MB). Default: esrgan-thick.
# EASEL_UPSCALERS=DIR: another folder.
set -euo pipefail

declare -A sha512=(
  [esrgan-thick]=5edecb0046b559855d53cb5ec9ed40d89dd3db295bde286553fc74d71d6278cef3661e45cd3965e9fc267940bcda6933b5696819933ae4a7521163a68655ce77
  [esrgan-slim]=0d7b709f9484ef5fa964a96e37f84678b699bfa672972150612bcca94d3c90a08403963d435708224e04bcf4cf670f15a868b60ba174d9cf0e8e1b4877804adb
)
version=1.0.0
scripts=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
folder=${EASEL_UPSCALERS:-$scripts/../build/share/easel/upscalers}

die() {
  echo "fetch_upscaler: $*" >&2
  exit 1
}
for program in npm node; do command -v "$program" >/dev/null || die "$program is missing: apt-get install npm"; done

for name in "${@:-esrgan-thick}"; do
  [[ -n ${sha512[$name]:-} ]] || die "unknown upscaler $name; must be esrgan-thick or esrgan-slim"
  [[ ! -f $folder/$name.safetensors ]] || continue
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  npm pack --silent --fetch-retries=1 --pack-destination "$work" "@upscalerjs/$name@$version" >/dev/null 2>&1 </dev/null ||
    die "cannot download @upscalerjs/$name $version: no network?"
  archive=$work/upscalerjs-$name-$version.tgz
  sha512sum --check --status <<<"${sha512[$name]}  $archive" || die "the archive of $name is broken: another sha512"
  tar -xzf "$archive" -C "$work" package/models/x4
  mkdir -p "$folder"
  node "$scripts/convert_upscaler.mjs" "$work/package/models/x4/model.json" "$folder/.$name.new"
  mv "$folder/.$name.new" "$folder/$name.safetensors"
  rm -rf "$work"
done
