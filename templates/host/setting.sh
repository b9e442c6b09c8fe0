# setting NAME FILE: prints a variable of an environment file as systemd reads it (systemd.exec(5), EnvironmentFile=), if it
# is on one line. The file is never run: a variable such as PATH or UID must not change this shell.
setting() {
  sed -n "s/^[[:blank:]]*$1[[:blank:]]*=[[:blank:]]*//p" "$2" | sed -n '
    $! d
    s/[[:space:]]*$//
    /^".*"$/ {
      s/^"\(.*\)"$/\1/
      s/\\\(["\\`$]\)/\1/g
      p
      q
    }
    /^'\''.*'\''$/ {
      s/^.\(.*\).$/\1/
      p
      q
    }
    s/\\\(.\)/\1/g
    p'
}
