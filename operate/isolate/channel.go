package isolate

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/najahost/naja/engine"
	"github.com/najahost/naja/store"
)

// maxMessage bounds one message of the control channel: a worker that went mad
// must not fill the parent's memory.
const maxMessage = 32 << 20

// errChannelClosed: the other process has gone, or is about to.
var errChannelClosed = errors.New("the other process is gone")

// A message is one thing said over the control channel. One with an ID is a
// call, or, without a name, the answer to one; one without an ID wants no
// answer.
type message struct {
	ID      int64           `json:"id,omitempty"`
	Name    string          `json:"name,omitempty"`
	Timeout time.Duration   `json:"timeout,omitempty"` // of the caller; 0 is none
	Body    json.RawMessage `json:"body,omitempty"`
	Error   *failure        `json:"error,omitempty"`
}

// A channel is the control channel between a worker and its parent, the same
// at both ends: messages of JSON, each behind its length in four bytes. Any
// goroutine may call and tell; serve is called once.
type channel struct {
	conn net.Conn
	// answer makes the answer to a call. It runs in a goroutine of its own,
	// except for ping.
	answer func(ctx context.Context, name string, body json.RawMessage) (any, error)
	// heard takes what wants no answer, in its order.
	heard func(name string, body json.RawMessage)

	in      *bufio.Reader
	writing sync.Mutex

	mu      sync.Mutex
	last    int64
	waiting map[int64]chan message // nil once closed
	running sync.WaitGroup         // calls being answered
}

func newChannel(conn net.Conn) *channel {
	return &channel{conn: conn, in: bufio.NewReader(conn), waiting: map[int64]chan message{}}
}

// first reads the first message, before serve is called.
func (c *channel) first() (message, error) { return readMessage(c.in) }

// call asks the other process and waits for its answer, which it puts into
// result unless that is nil.
func (c *channel) call(ctx context.Context, name string, args, result any) error {
	body, err := encodeBody(args)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	m := message{Name: name, Body: body}
	if end, ok := ctx.Deadline(); ok {
		m.Timeout = max(time.Until(end), 1)
	}
	answer := make(chan message, 1)
	if !c.await(&m, answer) {
		return errChannelClosed
	}
	defer c.forget(m.ID)
	if err := c.write(m); err != nil {
		return err
	}
	select {
	case m, ok := <-answer:
		switch {
		case !ok:
			return errChannelClosed
		case m.Error != nil:
			return m.Error.err()
		case result != nil && len(m.Body) > 0:
			return json.Unmarshal(m.Body, result)
		}
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tell says something that wants no answer.
func (c *channel) tell(name string, args any) error {
	body, err := encodeBody(args)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return c.write(message{Name: name, Body: body})
}

func encodeBody(args any) (json.RawMessage, error) {
	if args == nil {
		return nil, nil
	}
	return json.Marshal(args)
}

func (c *channel) await(m *message, answer chan message) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.waiting == nil {
		return false
	}
	c.last++
	m.ID = c.last
	c.waiting[m.ID] = answer
	return true
}

func (c *channel) forget(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.waiting, id)
}

// writePatience bounds a write: the other end reads all the time, unless it is
// stopped or broken.
const writePatience = 10 * time.Second

func (c *channel) write(m message) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if len(text) > maxMessage {
		return fmt.Errorf("%s: %d bytes are too many for one message", m.Name, len(text))
	}
	framed := binary.BigEndian.AppendUint32(make([]byte, 0, len(text)+4), uint32(len(text)))
	framed = append(framed, text...)
	c.writing.Lock()
	defer c.writing.Unlock()
	_ = c.conn.SetWriteDeadline(time.Now().Add(writePatience))
	if _, err := c.conn.Write(framed); err != nil {
		c.conn.Close() // half a message may be out
		return errChannelClosed
	}
	return nil
}

// serve reads until the other process ends or says nonsense, whose error it
// returns; nil for the former. Afterwards every call has failed, and all that
// was being answered is.
func (c *channel) serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer c.running.Wait()
	defer cancel()
	defer c.shut()
	for {
		m, err := readMessage(c.in)
		switch {
		case errors.Is(err, errNonsense):
			return err
		case err != nil:
			return nil
		case m.ID != 0 && m.Name == "":
			c.answered(m)
		case m.ID == 0:
			c.heard(m.Name, m.Body)
		case m.Name == "ping":
			c.reply(ctx, m) // at once, so that it says whether this end lives
		default:
			c.running.Go(func() { c.reply(ctx, m) })
		}
	}
}

// errNonsense: what came is no message.
var errNonsense = errors.New("the control channel is broken")

func readMessage(in *bufio.Reader) (m message, err error) {
	var head [4]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return m, err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxMessage {
		return m, fmt.Errorf("%w: a message of %d bytes", errNonsense, n)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(in, text); err != nil {
		return m, err
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: %w", errNonsense, err)
	}
	return m, nil
}

func (c *channel) answered(m message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer, ok := c.waiting[m.ID]; ok {
		answer <- m
		delete(c.waiting, m.ID)
	}
}

func (c *channel) reply(ctx context.Context, m message) {
	if m.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, m.Timeout)
		defer cancel()
	}
	result, err := c.answer(ctx, m.Name, m.Body)
	answer := message{ID: m.ID}
	if err == nil {
		answer.Body, err = encodeBody(result)
	}
	answer.Error = failureOf(err)
	if err := c.write(answer); err != nil && !errors.Is(err, errChannelClosed) {
		_ = c.write(message{ID: m.ID, Error: failureOf(err)})
	}
}

// shut fails all who wait.
func (c *channel) shut() {
	c.conn.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, answer := range c.waiting {
		close(answer)
	}
	c.waiting = nil
}

func (c *channel) close() { c.conn.Close() }

// A failure is an error on its way between two processes: its text, and what
// those who look at errors want to know of it.
type failure struct {
	Text    string `json:"text"`
	Kind    string `json:"kind,omitempty"`
	Setting string `json:"setting,omitempty"` // of an *engine.ConfigError
	Problem string `json:"problem,omitempty"`
}

// kinds are the errors that keep their identity.
func kinds() map[string]error {
	return map[string]error{
		"timeout": context.DeadlineExceeded, "canceled": context.Canceled,
		"not found": store.ErrNotFound, "no request": engine.ErrNoRequest, "not ours": engine.ErrNotOurs,
		"unknown call": errUnknownCall,
	}
}

func failureOf(err error) *failure {
	if err == nil {
		return nil
	}
	f := &failure{Text: err.Error()}
	if bad, ok := errors.AsType[*engine.ConfigError](err); ok {
		f.Setting, f.Problem = bad.Setting, bad.Problem
	}
	for name, kind := range kinds() {
		if errors.Is(err, kind) {
			f.Kind = name
		}
	}
	return f
}

func (f *failure) err() error {
	if f.Setting != "" {
		return &engine.ConfigError{Setting: f.Setting, Problem: f.Problem}
	}
	return &remoteError{text: f.Text, kind: kinds()[f.Kind]}
}

// A remoteError is an error of the other process.
type remoteError struct {
	text string
	kind error
}

func (e *remoteError) Error() string { return e.text }
func (e *remoteError) Unwrap() error { return e.kind }

// errUnknownCall: the other process doesn't know the call; it is of another
// version.
var errUnknownCall = errors.New("the worker doesn't know this call")
