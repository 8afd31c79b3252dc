# Ends a server and removes its directory when no process has touched its heartbeat for some minutes.
# Called with: the directory, the signal that ends the server, the minutes, the seconds between two looks, and the file
# that leads others to the server, if any.
directory=$1 signal=$2 minutes=$3 pause=$4 state=$5

stale() {
    [ ! -e "$directory/heartbeat" ] || [ -n "$(find "$directory/heartbeat" -mmin "+$minutes")" ]
}

while [ -d "$directory" ]; do
    sleep "$pause"
    stale || continue
    # The machine may have slept, and the tests with it.
    sleep "$pause" && sleep "$pause"
    stale || continue
    # Nobody new is led to it; whoever came just before has touched the heartbeat.
    if [ -n "$state" ] && grep -qsxF "$directory" "$state"; then
        rm -f "$state"
        stale || continue
    fi
    if server=$(cat "$directory/pid" 2>/dev/null) && kill -s "$signal" "$server" 2>/dev/null; then
        for second in 1 2 3 4 5; do
            kill -0 "$server" 2>/dev/null || break
            sleep 1
        done
        kill -s KILL "$server" 2>/dev/null
    fi
    rm -rf "$directory"
done
