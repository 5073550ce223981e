//go:build unix

package engine

import (
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestSpecialFilesAreMissing: pipes, sockets, devices and folders with the
// names of pages and texts, asked for or named by a page, end in bounded time,
// and nobody else waits.
func TestSpecialFilesAreMissing(t *testing.T) {
	f := serveFolder(t, map[string]string{
		"small.asp": `<%= 6 * 7 %>`, "include.asp": `<!--#include file="fifo.inc"-->`, "execute.asp": `<% Server.Execute("fifo.asp") %>`,
		"transfer.asp": `<% Server.Transfer("fifo.asp") %>`, "require.asp": `<% require("./fifo.js") %>`, "script.asp": `<script runat=server src="fifo.inc"></script>`,
		"fails.asp": `<% nope() %>`, "folder.asp/x.txt": "x", "folder.txt/x.txt": "x",
	}, func(c *Config) { c.ErrorPage, c.ErrorPage404 = "/fifo.asp", "/fifo.asp" })
	for _, name := range []string{"fifo.asp", "fifo.txt", "fifo.inc", "fifo.js", "default.asp", "global.asa"} {
		if err := syscall.Mkfifo(filepath.Join(f.root, name), 0o600); err != nil {
			t.Skip(err)
		}
	}
	if err := os.Symlink("fifo.txt", filepath.Join(f.root, "linked.txt")); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("unix", filepath.Join(f.root, "socket.txt"))
	if err != nil {
		t.Logf("no socket: %v", err)
	} else {
		defer listener.Close()
	}
	// /dev/null's numbers on Linux; only root may make one.
	if err := syscall.Mknod(filepath.Join(f.root, "null.txt"), syscall.S_IFCHR|0o600, 1<<8|3); err != nil {
		t.Logf("no device: %v", err)
	}
	o := f.watch()
	for target, status := range map[string]int{
		"/fifo.asp": 404, "/fifo.txt": 404, "/linked.txt": 404, "/socket.txt": 404, "/null.txt": 404, "/folder.asp": 404, "/folder.asp/": 404, "/folder.txt": 404, "/": 404, "/none.asp": 404,
		"/include.asp": 500, "/execute.asp": 500, "/transfer.asp": 500, "/require.asp": 500, "/script.asp": 500, "/fails.asp": 500,
	} {
		began := time.Now()
		r := f.get(target)
		if r.Status != status || !r.KeepAlive {
			t.Errorf("%s: %d %s", target, r.Status, clipBody(r.Body))
		}
		inTime(t, target, began, time.Second)
	}
	o.Stop()
}
