package wire

import (
	"bufio"
	"bytes"
	"io"
	"net"
	"net/http"
	"strconv"
	"testing"
	"time"
)

// BenchmarkWire compares a page's way to the client with a Go handler that
// writes the same bytes and knows their number.
func BenchmarkWire(b *testing.B) {
	for _, size := range []int{100, 100 << 10} {
		page := letters(size, 500)
		whole := bytes.Join(page, nil)
		ws := new(Wires)
		ws.Stall.Store(int64(time.Minute))
		handlers := map[string]http.HandlerFunc{
			"plain": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				w.Header().Set("Content-Length", strconv.Itoa(size))
				_, _ = w.Write(whole)
			},
			"pieces": func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				w.Header().Set("Content-Length", strconv.Itoa(size))
				_, _ = page.WriteTo(w)
			},
			"wire": func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "text/html")
				if err := ws.New(w, r).Send(200, w.Header(), page); err != nil {
					b.Error(err)
				}
			},
		}
		for _, name := range []string{"plain", "pieces", "wire"} {
			b.Run(strconv.Itoa(size)+" "+name, func(b *testing.B) { benchServer(b, handlers[name]) })
		}
	}
}

// benchServer sends requests over connections that stay open.
func benchServer(b *testing.B, handler http.Handler) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: handler}
	go func() { _ = server.Serve(listener) }()
	defer server.Close()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		defer conn.Close()
		reader := bufio.NewReaderSize(conn, 128<<10)
		for pb.Next() {
			_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: bench\r\n\r\n")
			resp, err := http.ReadResponse(reader, nil)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
		}
	})
}
