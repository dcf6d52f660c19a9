# shellcheck shell=bash
# The set-up that Scripts/conformance and Scripts/test share, to be sourced under `set -euo pipefail`.
# What it says goes to standard error; what it cannot set up ends the script with status 2, or 3 where it is an engine for
# another machine.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
script=Scripts/$(basename -- "$0")

# Debian's Python packages belong to this one, whichever python3 is first on the PATH.
python=/usr/bin/python3
[ -x "$python" ] || python=python3

say() { printf '%s: %s\n' "$script" "$*" >&2; }

stop() {
    say "$*"
    exit 2
}

require_swift() {
    command -v swift >/dev/null ||
        stop "Swift is not on the PATH: install 6.2 or newer from https://www.swift.org/install and run this again"
}

# Whether what the Debian package $1 is for is here, wherever it came from.
is_there() {
    case $1 in
        libhdf5-dev) pkg-config --exists hdf5 2>/dev/null ;;
        libssl-dev) pkg-config --exists libcrypto 2>/dev/null ;;
        libopenblas0-pthread) "$python" -c 'import ctypes; ctypes.CDLL("libopenblas.so.0")' 2>/dev/null ;;
        python3) command -v "$python" >/dev/null ;;
        python3-venv) "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
        python3-*) "$python" -c "import sys, importlib.util as u; sys.exit(not u.find_spec('${1#python3-}'))" 2>/dev/null ;;
        libdnnl-dev) has_header oneapi/dnnl/dnnl.hpp ;;
        libpthreadpool-dev) has_header pthreadpool.h ;;
        libxnnpack-dev) has_header xnnpack.h ;;
        *) command -v "$1" >/dev/null ;;
    esac
}

# Whether the C++ compiler finds the header $1.
has_header() { "${CXX:-g++}" -E -x c++ -include "$1" /dev/null >/dev/null 2>&1; }

# Installs those of the Debian packages $@ that are missing.
require() {
    local package missing=()
    for package; do is_there "$package" || missing+=("$package"); done
    [ ${#missing[@]} -gt 0 ] || return 0
    command -v apt-get >/dev/null ||
        stop "missing (by their Debian names): ${missing[*]}. There is no apt-get here: install them your system's way"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null ||
        stop "missing: ${missing[*]}. As root: apt-get install ${missing[*]}"
    say "installing ${missing[*]} with apt-get"
    apt_get update || true # Where the lists cannot be had, the installation says what it lacks.
    apt_get install --no-install-recommends "${missing[@]}" || stop "apt-get could not install ${missing[*]}"
    for package in "${missing[@]}"; do is_there "$package" || stop "$package is installed, and yet not to be found"; done
}

# Installs the Debian package $1 where that is possible; $2 is what happens without it.
prefer() {
    is_there "$1" || (require "$1") || say "going on without $1: $2"
}

# Runs apt-get as root, without a question, and shows what it printed only where it fails.
apt_get() {
    local as_root=() output
    if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
    if [ "$(id -u)" != 0 ] && [ ! -t 0 ]; then as_root=(sudo -n); fi
    output=$("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" 2>&1) || {
        printf '%s\n' "$output" >&2
        return 1
    }
}

# Makes the virtual environment .venv/$1 of the PyPI packages ${@:2}, unless it is there and complete.
make_venv() {
    local folder=$root/.venv/$1 made_of
    require python3 python3-venv
    made_of="$("$python" -V) ${*:2}"
    mkdir -p "$root/.venv"
    (
        # Two scripts at once: the second waits, and finds it made.
        if command -v flock >/dev/null; then flock 9; fi
        # The mark is written last: an environment whose making was interrupted has none, and is made anew.
        [ "$(cat "$folder/complete" 2>/dev/null)" != "$made_of" ] || exit 0
        say "installing ${*:2} into .venv/$1"
        rm -rf "$folder"
        "$python" -m venv "$folder" >&2 || stop "the virtual environment .venv/$1 could not be made"
        "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all: \
            "${@:2}" >&2 || stop "pip could not install ${*:2}"
        printf '%s\n' "$made_of" >"$folder/complete"
    ) 9>"$root/.venv/.lock" || exit
}

# The words of the list $2 in the first lines of the engine $1 of Scripts/engines.
engine_list() { sed -En "s|^(#\|//) $2 = \[(.*)\]\$|\2|p" "$(engine_source "$1")" | tr -d '",'; }

# The packages, a line each, in the versions that Scripts/engines/versions.txt names; for a Python that is too old for these,
# in whichever are the newest for it.
pinned() {
    local package line found
    for package in "$@"; do
        found=$package
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
            while read -r line; do
                [ "${line%%==*}" != "$package" ] || found=$line
            done <"$root/Scripts/engines/versions.txt"
        fi
        printf '%s\n' "$found"
    done
}

# The file of the engine $1: an adapter in Python, or one in C++ that is compiled.
engine_source() {
    local native=$root/Scripts/engines/native/$1.cpp
    if [ -f "$native" ]; then printf '%s\n' "$native"; else printf '%s\n' "$root/Scripts/engines/$1_engine.py"; fi
}

# Installs the library that the adapter of engine $1 names, and prints the Python that has it.
engine_python() {
    local packages
    read -ra packages <<<"$(engine_list "$1" debian)"
    if [ ${#packages[@]} -gt 0 ] && command -v apt-get >/dev/null; then
        require python3 "${packages[@]}"
        printf '%s\n' "$python"
    else
        read -ra packages <<<"$(engine_list "$1" dependencies)"
        mapfile -t packages < <(pinned "${packages[@]}")
        make_venv "$1" "${packages[@]}"
        printf '%s\n' "$root/.venv/$1/bin/python"
    fi
}

# Installs what Scripts/sweep needs, and prints the Python that has it.
sweep_python() {
    make_venv sweep distributed==2026.8.0 dask==2026.8.0 >&2
    printf '%s\n' "$root/.venv/sweep/bin/python"
}

# The prefix of paths in the project: none in its own folder, so that they read as a user would type them.
here() { [ . -ef "$root" ] || printf '%s/' "$root"; }

# Installs the engine $1 of Scripts/engines, and prints what --engine takes to run it.
engine_command() {
    local packages interpreter status=0
    if [[ $(engine_source "$1") == *.cpp ]]; then
        read -ra packages <<<"$(engine_list "$1" debian)"
        require "${packages[@]}"
        "$root/Scripts/engines/native/build" "$1" >/dev/null || status=$?
        [ "$status" != 3 ] || exit 3 # What it lacks has been said.
        [ "$status" = 0 ] || stop "the engine $1 does not compile"
        printf 'lib:%s\n' "$(here).build/engines/lib$1.so"
        return
    fi
    interpreter=$(engine_python "$1") || exit
    case $interpreter in "$root"/*) interpreter=$(here)${interpreter#"$root"/} ;; esac
    printf 'cmd:%q %q\n' "$interpreter" "$(here)Scripts/engines/$1_engine.py"
}
