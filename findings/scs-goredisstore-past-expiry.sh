#!/usr/bin/env bash
# Guess: a session that is committed with an expiry in the past is gone, with any
# store of scs. goredisstore works out how long is left and hands that to
# go-redis, for which less than nothing is no expiry at all: the key stays for
# ever (TTL -1), the session with it, and nothing ever removes it. redisstore,
# over the other client, sets the moment itself and Redis deletes the key. It
# happens to a request that is still running when its session's Lifetime is over.
# In naja such a commit ends the session and never reaches the store, and what a
# store has kept beyond its deadline is no session: TestEndsAtItsDeadline,
# TestOutlivedItsDeadline (interop/scs), TestDeadlines (interop/stores).
set -euo pipefail
command -v go >/dev/null || { echo "needs Go"; exit 2; }
command -v redis-server >/dev/null || { echo "needs the package redis-server"; exit 2; }
modules="github.com/alexedwards/scs/goredisstore@v0.0.0-20250212122300-421ef1d8611c
github.com/alexedwards/scs/redisstore@v0.0.0-20251002162104-209de6e426de
github.com/redis/go-redis/v9@v9.23.0 github.com/gomodule/redigo@v1.9.3"
work=$(mktemp -d)
stop() { [ -z "${server:-}" ] || { kill "$server"; wait "$server"; } 2>/dev/null || true; chmod -R u+w "$work"; rm -rf "$work"; }
trap stop EXIT
cd "$work"
cat > main.go <<'GO'
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/alexedwards/scs/goredisstore"
	"github.com/alexedwards/scs/redisstore"
	redigo "github.com/gomodule/redigo/redis"
	"github.com/redis/go-redis/v9"
)

func main() {
	ctx := context.Background()
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: os.Args[1]})
	pool := &redigo.Pool{Dial: func() (redigo.Conn, error) { return redigo.Dial("unix", os.Args[1]) }}
	past := time.Now().Add(-time.Second)
	if err := goredisstore.New(client).CommitCtx(ctx, "one", []byte("a session"), past); err != nil {
		panic(err)
	}
	if err := redisstore.New(pool).Commit("other", []byte("a session"), past); err != nil {
		panic(err)
	}
	for store, key := range map[string]string{"goredisstore": "scs:session:one", "redisstore": "scs:session:other"} {
		fmt.Printf("%s: PTTL %v\n", store, client.Do(ctx, "PTTL", key).Val())
	}
}
GO
go mod init finding >/dev/null 2>&1
go get $modules >/dev/null 2>&1 || { echo "needs the modules $modules"; exit 2; }
go build -o finding .
redis-server --port 0 --unixsocket "$work/socket" --save "" --dir "$work" >log 2>&1 &
server=$!
for _ in $(seq 100); do [ -S socket ] && break; sleep 0.1; done
seen=$(./finding "$work/socket" | sort)
echo "$modules"
echo "expected by guess: PTTL -2 for both, no such key"
echo "seen:"
echo "$seen"
[ "$seen" = "goredisstore: PTTL -1
redisstore: PTTL -2" ]
