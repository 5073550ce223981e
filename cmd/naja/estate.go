package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"sync"

	"github.com/najahost/naja/cmd/naja/internal/handover"
	"github.com/najahost/naja/store"
	"github.com/najahost/naja/store/memory"
	"github.com/najahost/naja/store/moving"
	"github.com/najahost/naja/store/remote"
)

// An estate is what an application has in this process's memory while another
// process takes over: that one uses it from there until this one has left, and then
// has all of it sent.
type estate struct {
	path string
	db   store.Backend
}

// wholeEstate is the bit of a connection's number that asks for all of an estate;
// the rest of it says which one.
const wholeEstate = 1 << 31

// memoryOf is where a state in memory is.
func memoryOf(db store.Backend) (*memory.DB, error) {
	if m, ok := db.(*moving.Backend); ok {
		db = m.In()
	}
	if m, ok := db.(*memory.DB); ok {
		return m, nil
	}
	return nil, errors.New("its state hasn't come from the process before yet; try again in a moment")
}

// serveEstates lets the other process use the estates until ctx ends. What it holds
// of them then, leases and locks, is given up.
func serveEstates(ctx context.Context, c *handover.Channel, all []estate, log *slog.Logger) {
	var serving sync.WaitGroup
	defer serving.Wait()
	doors := make([]*handedListener, len(all))
	for i, e := range all {
		doors[i] = &handedListener{make(chan net.Conn), make(chan struct{}), sync.Once{}}
		serving.Go(func() {
			_ = remote.Serve(ctx, doors[i], e.db, remote.ServerConfig{Logger: log})
		})
	}
	for {
		number, conn, err := c.Answer()
		if err != nil {
			<-ctx.Done()
			return
		}
		of := int(number &^ wholeEstate)
		switch {
		case of >= len(all):
			_ = conn.Close()
		case number&wholeEstate != 0:
			serving.Go(func() {
				defer conn.Close()
				if err := sendEstate(conn, all[of]); err != nil {
					log.Error("the state can't be handed over", "application", all[of].path, "error", err.Error())
				}
			})
		default:
			doors[of].hand(conn)
		}
	}
}

// A handedListener is a listener whose connections come by hand.
type handedListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *handedListener) hand(conn net.Conn) {
	select {
	case l.conns <- conn:
	case <-l.closed:
		_ = conn.Close()
	}
}

// Accept is [net.Listener].
func (l *handedListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close is [net.Listener].
func (l *handedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is [net.Listener].
func (l *handedListener) Addr() net.Addr { return &net.UnixAddr{Net: "unix"} }

// maxRecord bounds a record of an estate: contents of a session, or a value.
const maxRecord = 256 << 20

// sendEstate sends all of it, each record behind its length.
func sendEstate(conn io.Writer, e estate) error {
	db, err := memoryOf(e.db)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(conn, 64<<10)
	if err := db.Dump(func(record []byte) error {
		if len(record) > maxRecord {
			return fmt.Errorf("a session or value of %d bytes is too long", len(record))
		}
		if err := binary.Write(out, binary.BigEndian, uint32(len(record))); err != nil {
			return err
		}
		_, err := out.Write(record)
		return err
	}); err != nil {
		return err
	}
	return out.Flush()
}

// receiveEstate makes the same of it here.
func receiveEstate(conn io.Reader) (*memory.DB, error) {
	in := bufio.NewReaderSize(conn, 64<<10)
	return memory.Restore(func() ([]byte, error) {
		var size uint32
		if err := binary.Read(in, binary.BigEndian, &size); err != nil {
			return nil, err
		}
		if size > maxRecord {
			return nil, errors.New("a record of the state is too long")
		}
		record := make([]byte, size)
		_, err := io.ReadFull(in, record)
		return record, err
	})
}
