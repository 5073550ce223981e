package main

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/operate/admin"
	"github.com/najahost/naja/operate/host"
)

// A desk is the administration listener, the console behind it, and what the
// applications have to know of it when they are made.
type desk struct {
	*reloader
	cfg      *config.Config // as the process was started
	started  time.Time
	listener net.Listener
	tls      *tls.Config // nil on a loopback address
	metrics  *admin.Metrics
	passes   *admin.Passes

	restart  func(context.Context) (pid int, err error) // set before open
	console  *admin.Console
	http     *http.Server
	ended    chan struct{} // closed when nobody accepts any more
	handsOff atomic.Bool   // another process accepts
}

// openDesk takes the address of the administration listener, and refuses
// settings that would let anybody in. It is nil without an admin_addr
// and a socket for it.
func openDesk(ctx context.Context, cfg *config.Config, r *reloader, from *sockets) (_ *desk, err error) {
	if cfg.Server.AdminAddr == "" && !from.has(adminAddr) {
		return nil, nil
	}
	d := &desk{reloader: r, cfg: cfg, started: time.Now(), metrics: admin.NewMetrics(), passes: admin.NewPasses(), ended: make(chan struct{})}
	if d.listener, err = from.listen(ctx, adminAddr, cfg.Server.AdminAddr); err != nil {
		return nil, err
	}
	if !d.loopback() {
		d.tls, err = loadTLS(cfg.Server)
	}
	if err == nil {
		err = d.located(d.settings().Check())
	}
	if err != nil {
		d.listener.Close()
		return nil, err
	}
	return d, nil
}

// loopback says that only this machine reaches the listener.
func (d *desk) loopback() bool {
	addr, ok := d.listener.Addr().(*net.TCPAddr)
	return ok && addr.IP.IsLoopback()
}

// settings are the console's.
func (d *desk) settings() admin.Config {
	s := d.cfg.Server
	var apps []*host.Application
	for _, app := range d.apps {
		apps = append(apps, app.Application)
	}
	return admin.Config{
		Applications: apps, Reload: d.reload, Account: s.AdminAccount, Users: s.AdminUsers, Loopback: d.loopback(), Restart: d.restart, TLS: d.tls != nil,
		Metrics: d.metrics, Passes: d.passes, Pprof: s.AdminPprof, ShowValues: s.AdminShowValues, Logger: d.log,
		Server: admin.Server{Version: version(), Started: d.started, Settings: d.reloader.settings},
	}
}

// located puts the place of the setting to the console's complaint.
func (d *desk) located(err error) error {
	if bad, ok := errors.AsType[*admin.ConfigError](err); ok {
		return d.cfg.BadServer(bad.Setting, bad.Problem)
	}
	return err
}

// open begins to answer for the applications. It owns the goroutine that
// accepts.
func (d *desk) open(site string) (err error) {
	settings := d.settings()
	settings.Server.Site = cmp.Or(d.cfg.Server.PublicURL, site)
	if d.console, err = admin.New(settings); err != nil {
		return d.located(err)
	}
	d.http = newHTTPServer(d.cfg.Server, d.log)
	d.http.Handler, d.http.TLSConfig = d.console, d.tls
	go func() {
		defer close(d.ended)
		if err := d.accept(); !errors.Is(err, http.ErrServerClosed) && !d.handsOff.Load() {
			d.log.Error("the administration listener has ended", "error", err.Error())
		}
	}()
	return nil
}

func (d *desk) accept() error {
	if d.tls != nil {
		return d.http.ServeTLS(d.listener, "", "")
	}
	return d.http.Serve(d.listener)
}

// url is where the console is reached.
func (d *desk) url() string {
	if d.tls != nil {
		return "https://" + d.listener.Addr().String()
	}
	return "http://" + d.listener.Addr().String()
}

// leave accepts nobody any more, for another process does. What has begun goes on.
func (d *desk) leave() {
	if d != nil {
		d.handsOff.Store(true)
		_ = d.listener.Close()
		<-d.ended
	}
}

// deskPatience is how long a look may take that has begun when the server
// stops.
const deskPatience = 2 * time.Second

// close ends the console and waits for it.
func (d *desk) close() {
	if d == nil {
		return
	}
	if d.console == nil {
		d.listener.Close()
		return
	}
	d.console.Close()
	ctx, cancel := context.WithTimeout(context.Background(), deskPatience)
	defer cancel()
	if err := d.http.Shutdown(ctx); err != nil {
		_ = d.http.Close()
	}
	<-d.ended
}
