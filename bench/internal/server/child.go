package server

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
)

// A Child is the server process as the parent sees it. One goroutine at a time
// calls its methods.
type Child struct {
	Addr   string  // host:port with as many apartments as naja has by default
	Narrow string  // host:port with [NarrowApartments] of them
	Worker *Worker // nil unless the site is isolated too

	cmd     *exec.Cmd
	orders  io.WriteCloser
	encoder *json.Encoder
	answers *json.Decoder
}

// Start runs this program again as a server of site. The caller closes the
// child. The child's log goes to log.
func Start(ctx context.Context, site Site, log io.Writer) (*Child, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the program to run as the server: %w", err)
	}
	c := &Child{cmd: exec.CommandContext(ctx, program)}
	c.cmd.Env = append(os.Environ(), childVariable+"=1")
	c.cmd.Stderr = log
	if c.orders, err = c.cmd.StdinPipe(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	if err := c.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the server: %w", err)
	}
	c.encoder, c.answers = json.NewEncoder(c.orders), json.NewDecoder(bufio.NewReader(out))
	var addrs ready
	err = c.encoder.Encode(site)
	if err == nil {
		err = c.answers.Decode(&addrs)
	}
	if err == nil && addrs.Err != "" {
		err = errors.New(addrs.Err)
	}
	if err != nil {
		return nil, fmt.Errorf("start the server: %w", errors.Join(err, c.Close()))
	}
	c.Addr, c.Narrow, c.Worker = addrs.Addr, addrs.Narrow, addrs.Worker
	return c, nil
}

// Begin makes the server start to count.
func (c *Child) Begin() error {
	_, err := c.ask(doBegin)
	return err
}

// End is what the server has used since [Child.Begin].
func (c *Child) End() (Usage, error) { return c.ask(doEnd) }

func (c *Child) ask(what string) (u Usage, err error) {
	if err = c.encoder.Encode(order{what}); err == nil {
		err = c.answers.Decode(&u)
	}
	if err != nil {
		return u, fmt.Errorf("ask the server to %s counting: %w", what, err)
	}
	return u, nil
}

// Close ends the process and waits for it.
func (c *Child) Close() error {
	err := c.orders.Close()
	return errors.Join(err, c.cmd.Wait())
}
