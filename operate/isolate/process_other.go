//go:build !unix

package isolate

import (
	"context"
	"errors"
	"net"
	"os"
)

// available: there are no worker processes here, and New says so.
const available = false

type child struct {
	cmd      struct{ Process *os.Process }
	control  net.Conn
	out, err *os.File
	log      *os.File
	box      *blackBox
	socket   string
}

func (c *child) wait() (*os.ProcessState, error) { return nil, errors.ErrUnsupported }
func (c *child) close()                          {}
func (c *child) kill()                           {}
func (c *child) outOfMemory() bool               { return false }
func (c *child) dump()                           {}
func (c *child) renice(int) error                { return errors.ErrUnsupported }

func (s *Supervisor) startChild(int64, string) (*child, error) { return nil, errors.ErrUnsupported }

func findGroup() string { return "" }

func ownProgram() (string, error) { return os.Executable() }

func (c *Config) checkSystem() error { return nil }

func residentMemory(int) (int64, error) { return 0, errors.ErrUnsupported }

func exit(*os.ProcessState) string { return "" }

func lockFolder(string) (*os.File, error) { return nil, errors.ErrUnsupported }

func removeStale(string) {}

func homeName(*account) string { return "" }

func checkHome(string, *account) error { return errors.ErrUnsupported }

type account struct{}

func (a *account) own(string) error { return nil }

func (a *account) admit(string) error { return nil }

func lookupAccount(string) (*account, error) { return nil, errors.ErrUnsupported }

func mapFile(*os.File, int) ([]byte, error) { return nil, errors.ErrUnsupported }

func unmapFile([]byte) {}

// Worker serves an application as a process of its own. It isn't available
// on this system.
func Worker(context.Context, WorkerConfig) error { return errNotAWorker }
