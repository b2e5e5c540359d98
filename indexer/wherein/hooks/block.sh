# >>> wherein hook >>> @MADE@indexes in the background; `wherein hook uninstall` takes these lines out
[ "${WHEREIN_SKIP_HOOK:-0}" != 0 ] || (@REQUEST@ &) </dev/null >/dev/null 2>&1
@CHAIN@
# <<< wherein hook <<<
