// Command caddy is Caddy as it is, for the tests of engine/neighbours: a module of
// its own, so that no program that imports naja hears of its modules. make
// neighbours builds it.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	_ "github.com/caddyserver/caddy/v2/modules/standard" // what Caddy has by default
)

func main() { caddycmd.Main() }
