# bootstrap.sh — installs what is missing and builds. Sourced by ./easel and ./test, which set `root` to the checkout.
# Everything here speaks on stderr: stdout belongs to the program that is run afterwards.
# shellcheck shell=bash
# shellcheck disable=SC2154 # root

say() { echo "easel: $*" >&2; }

die() {
  say "$@"
  exit 1
}

# Packages of the given groups that are missing: neither installed nor there as a program of that name from elsewhere.
missing_packages() { # GROUP…
  local group package rest
  while read -r group package rest; do
    [[ " $* " == *" $group "* ]] || continue
    [[ $(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      command -v "$package" >/dev/null || echo "$package"
  done <"$root/scripts/packages.txt"
}

# Installs them, as root or through sudo where that is possible, and else says what to install.
install_packages() { # GROUP…
  local missing as_root=() apt_options=(-y -q --no-install-recommends) log
  if ! command -v dpkg-query >/dev/null; then
    say "no Debian packages here: make sure that what scripts/packages.txt lists is installed"
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || return 0
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
      die "missing packages. Install them with: apt-get install ${missing[*]}"
    fi
    as_root=(sudo)
  fi
  say "installing ${missing[*]}"
  # dpkg's fsync of every file is most of the time; a machine that is thrown away afterwards does not need it.
  [[ -z ${CI:-} ]] || apt_options+=(-o Dpkg::Options::=--force-unsafe-io)
  log=$(mktemp)
  export DEBIAN_FRONTEND=noninteractive
  if ! "${as_root[@]}" apt-get update -q >"$log" 2>&1 </dev/null ||
    ! "${as_root[@]}" apt-get install "${apt_options[@]}" "${missing[@]}" >>"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    die "apt-get failed (its whole output: $log)"
  fi
  rm -f "$log"
}

# Configures a preset and builds targets of it; all of ninja's words go to a log unless there is a terminal to show
# its progress on.
build_preset() { # PRESET FOLDER TARGET…
  local preset=$1 folder=$2 log=$2/build.log
  shift 2
  mkdir -p "$folder"
  say "building $preset (${*:-all})"
  if ! (cd "$root" && cmake --preset "$preset") >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "cmake failed (its whole output: $log)"
  fi
  if [[ -t 2 ]]; then
    ninja -C "$folder" "$@" >&2 || die "the build failed"
  elif ! ninja -C "$folder" "$@" >>"$log" 2>&1; then
    grep -E -A 8 'FAILED|error' "$log" | head -n 60 >&2
    die "the build failed (its whole output: $log)"
  fi
}

# CLIP's vocabulary, which single-file checkpoints lack. Without it all other models work, so a failure is only told.
fetch_vocabulary() {
  "$root/scripts/fetch_clip_vocabulary.sh" "$root/build/share/easel/clip" >&2 </dev/null ||
    say "no vocabulary for single-file checkpoints; fetch it later with scripts/fetch_clip_vocabulary.sh"
}

# The small network that the tests of `easel upscale` compare with; they skip it where it is missing.
fetch_small_upscaler() {
  "$root/scripts/fetch_upscaler.sh" esrgan-slim >&2 </dev/null || say "no upscaler; fetch one later with scripts/fetch_upscaler.sh"
}

# Whether a source is newer than the last complete build that STAMP stands for. Folders count too: a file was removed.
sources_changed() { # STAMP
  [[ ! -e $1 ]] || [[ -n $(find "$root"/{CMakeLists.txt,CMakePresets.json,cmake,include,src} -newer "$1" -print -quit) ]]
}
