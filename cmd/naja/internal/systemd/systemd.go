// Package systemd is what the command has to do with systemd, where that started
// it: the sockets that it opened (socket units), and how the server is
// (sd_notify(3), watchdog). Without systemd there are no sockets and nobody to tell.
package systemd

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-systemd/v22/activation"
	"github.com/coreos/go-systemd/v22/daemon"
)

// Listeners are the sockets that systemd has opened, by the names that a server has
// for what it listens on: those of FileDescriptorName=, or the first of names where
// none of the sockets has one of them. What a socket unit opened for something else,
// or twice, is an error. A second call finds none.
func Listeners(names ...string) (map[string]net.Listener, error) {
	got := map[string]net.Listener{}
	named := false
	files := activation.Files(true)
	for _, f := range files {
		named = named || slices.Contains(names, f.Name())
	}
	var problems []error
	for _, f := range files {
		name := f.Name()
		if !named {
			name = names[0]
		}
		l, err := net.FileListener(f)
		_ = f.Close()
		switch {
		case err != nil:
			problems = append(problems, fmt.Errorf("%s isn't a socket that is listened on (ListenStream=): %w", f.Name(), err))
			continue
		case l.Addr().Network() != "tcp":
			problems = append(problems, fmt.Errorf("%s isn't one of TCP but %s; want ListenStream=HOST:PORT", f.Name(), l.Addr().Network()))
		case !slices.Contains(names, name):
			problems = append(problems, fmt.Errorf("FileDescriptorName=%s means nothing here; want %s", f.Name(), strings.Join(names, " or ")))
		case got[name] != nil:
			problems = append(problems, fmt.Errorf("there are two for %s; want one, which may be [::]:PORT for both kinds of addresses", name))
		default:
			got[name] = l
			continue
		}
		_ = l.Close()
	}
	if err := errors.Join(problems...); err != nil {
		for _, l := range got {
			_ = l.Close()
		}
		return nil, fmt.Errorf("a socket of systemd's: %w", err)
	}
	return got, nil
}

// Ready tells that the server serves, after a start or after Reloading. The error
// is that systemd couldn't be told; there is none where there is no systemd.
func Ready() error { return tell(daemon.SdNotifyReady) }

// Reloading tells that the settings are being read again, until Ready.
func Reloading() error { return tell(daemon.SdNotifyReloading + "\n" + daemon.SdNotifyMonotonicUsec()) }

// Stopping tells that the server has begun to end.
func Stopping() error { return tell(daemon.SdNotifyStopping) }

// Successor tells that another process is the server from now on. Only the one
// that was it until now is believed, or all with NotifyAccess=all.
func Successor(pid int) error { return tell(fmt.Sprintf("MAINPID=%d", pid)) }

// Alive tells the watchdog that the server is alive.
func Alive() error { return tell(daemon.SdNotifyWatchdog) }

func tell(state string) error {
	_, err := daemon.SdNotify(false, state)
	return err
}

// WatchdogInterval is how often the watchdog wants to hear that the server is
// alive (WatchdogSec=); 0: never.
func WatchdogInterval() (time.Duration, error) { return daemon.SdWatchdogEnabled(false) }
