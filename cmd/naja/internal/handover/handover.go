// Package handover is how a process starts the one that is to take its place, and
// what the two of them say to each other: sockets that are listened on are inherited,
// words go over a channel, and so do further connections between the two.
//
// The old process says what it hands over ([Offer]), the new one that it is ready or
// why it can't be; what each of them does then is theirs to agree on.
package handover

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
)

// ErrUnavailable is that this system has no way to hand sockets over.
var ErrUnavailable = errors.New("a process can't hand its sockets over to another one on this system")

// version is of what the two say: another version is another language.
const version = 1

// A Socket is one that is listened on, with what the old process has to say of it.
type Socket struct {
	Name string `json:"name"`
	Of   string `json:"of"`

	net.Listener `json:"-"`
}

// An Offer is what the new process gets.
type Offer struct {
	Program string   // to be run
	Args    []string // without the program's name
	Environ []string // as os.Environ has it
	Sockets []Socket
}

// A Message is what one of the two says.
type Message struct {
	Kind string          `json:"kind"`
	Body json.RawMessage `json:"body,omitempty"`
}

// Read reads the body into what body points to.
func (m Message) Read(body any) error {
	if err := json.Unmarshal(m.Body, body); err != nil {
		return fmt.Errorf("reading what %q says: %w", m.Kind, err)
	}
	return nil
}

// A Channel is between the two. Say may be called from any goroutine, the rest by
// one at a time each.
type Channel struct {
	words net.Conn
	in    *json.Decoder
	lines *net.UnixConn // over which connections are handed over

	mu sync.Mutex // of what is said
}

func newChannel(words net.Conn, lines *net.UnixConn) *Channel {
	return &Channel{words: words, in: json.NewDecoder(words), lines: lines}
}

// Say says something to the other process.
func (c *Channel) Say(kind string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return json.NewEncoder(c.words).Encode(Message{kind, raw})
}

// Hear waits for what the other one says. io.EOF: it has nothing more to say, for it
// has ended or closed its side.
func (c *Channel) Hear() (m Message, err error) {
	if err = c.in.Decode(&m); errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		err = io.EOF
	}
	return m, err
}

// Close ends the channel, and whoever waits in Hear or Answer.
func (c *Channel) Close() {
	_ = c.words.Close()
	_ = c.lines.Close()
}

// hello is what an old process says first.
type hello struct {
	Version int      `json:"version"`
	Sockets []Socket `json:"sockets"`
}

// environment tells the new process that it is one.
const environment = "NAJA_HANDOVER"

// isNew says that this process was started to take another one's place, once.
func isNew() bool {
	_, is := os.LookupEnv(environment)
	_ = os.Unsetenv(environment) // whatever this process starts is nobody's successor
	return is
}
