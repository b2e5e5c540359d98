# What git's hooks run: asks wherein to index the repository of the current folder in the background.
# `wherein hook install` writes this file and `wherein hook uninstall` removes it. It is plain POSIX sh, starts at most
# one wherein, and says nothing: a commit must not notice it.
set +eu
umask 077
exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- # whoever waits for a pipe of git's caller does not wait for us
cd -P . || exit 0
here=$PWD state=${0%/*}
[ -O "$state" ] || [ $? != 1 ] || exit 0 # root, by sudo: it would leave files that their owner cannot write to
if [ "${1-}" = listed ]; then # from a folder of hooks that other repositories use as well
    common=$(git rev-parse --git-common-dir) && common=$(cd -P "$common" && pwd) || exit 0
    grep -Fqx -e "$common" "$state/repositories" || exit 0
fi
set -- @COMMAND@
if [ ! -x "$1" ]; then # moved, or removed
    set -- "$(command -v wherein)"
    case $1 in
        "$here"/*) exit 0 ;; # a stranger's, it may be
        /*) ;;
        *) exit 0 ;;
    esac
fi
printf '%s\000' "$here" >>"$state/requests" || exit 0
cd "$state" || exit 0
if read -r pid <running && kill -0 "$pid"; then # or is the number another one's by now?
    if [ -r "/proc/$pid/cmdline" ]; then
        read -r line <"/proc/$pid/cmdline"
        case $line in *hook*run*--requests*) exit 0 ;; esac
    elif [ -n "$(find running -mmin -1)" ]; then
        exit 0
    fi
fi
rm -f running
set -C
echo $$ >running || exit 0 # another one was faster
[ -n "${WHEREIN_DATA_DIR-}" ] || export WHEREIN_DATA_DIR="${state%/*}" # a graphical client has not what a shell sets
trap '' HUP
exec "$@" hook run --requests .
