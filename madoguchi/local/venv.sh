#!/bin/sh
# Makes the Python environment from a hash-locked list. May be stopped at any moment and run again.
# usage: venv.sh PYTHON VENV REQUIREMENTS   (from the top of the checkout; PYTHON may be empty)
set -eu
python=$1 venv=$2 requirements=$3
pip_log=$venv/install.log

refuse() {
    echo "$1" >&2
    exit 1
}

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
makes_environments() { "$1" -c 'import ensurepip' 2>/dev/null; }
is_root() { [ "$(id -u)" = 0 ]; }

# The distribution's Python is optimised by profile; one compiled with the defaults takes half as long again.
if [ -z "$python" ]; then
    python=python3
    if new_enough /usr/bin/python3 && { is_root || makes_environments /usr/bin/python3; }; then
        python=/usr/bin/python3
    fi
fi

command -v "$python" >/dev/null || refuse "There is no $python here; install it with: apt-get install python3"
new_enough "$python" ||
    refuse "$("$python" --version) is too old; give Python 3.11 or newer with: make PYTHON=python3.11 …"

# Debian's python3 comes without the part that puts pip into an environment.
if ! makes_environments "$python"; then
    package=$("$python" -c 'import sys; print("python3.%d-venv" % sys.version_info[1])')
    is_root || refuse "$python cannot make environments; run as root: apt-get install $package"
    echo "· $package: installing"
    { apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq -y install "$package"; } >/dev/null ||
        refuse "$package could not be installed; check the network and the sources of apt, and run this again."
fi

# An environment whose Python has gone (removed or upgraded) is of no use.
"$venv/bin/python" -c '' 2>/dev/null || rm -rf "$venv"
[ -x "$venv/bin/pip" ] || "$python" -m venv "$venv"

total=$(grep -c '^[a-z]' "$requirements")
echo "· Python libraries: getting $total (about a minute)"
"$venv/bin/pip" install --progress-bar off --require-hashes -r "$requirements" >"$pip_log" 2>&1 &
pip=$!
trap 'kill "$pip" 2>/dev/null' INT TERM
while kill -0 "$pip" 2>/dev/null; do
    [ ! -t 1 ] || printf '\r  %s of %s' "$(grep -c '^Collecting\|^Requirement already' "$pip_log" || true)" "$total"
    sleep 0.5
done
[ ! -t 1 ] || printf '\r\033[K'
wait "$pip" ||
    refuse "The Python libraries could not be installed ($(grep '^ERROR' "$pip_log" | tail -1)); check the network and the disk, and run this again ($pip_log tells more)."
"$venv/bin/pip" install --quiet --quiet --no-deps --no-build-isolation -e . ||
    refuse "This project could not be installed into $venv; the lines above say why."
echo "✓ Python libraries"
