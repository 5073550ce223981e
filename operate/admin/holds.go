package admin

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/najahost/naja/operate/host"
)

// hold keeps requests out: they wait, or are told to come again.
func hold(ctx context.Context, o *order) (Answer, error) { return holdWith(ctx, o, false) }

// maintHold is hold with a single apartment.
func maintHold(ctx context.Context, o *order) (Answer, error) { return holdWith(ctx, o, true) }

func holdWith(ctx context.Context, o *order, single bool) (Answer, error) {
	mode := o.form.Get("mode")
	if mode == "" {
		mode = "refuse"
	}
	if mode != "refuse" && mode != "park" {
		return Answer{}, &problem{http.StatusBadRequest, fmt.Sprintf("mode is %q; want refuse or park", clip(mode))}
	}
	if err := o.app.Hold(ctx, host.HoldRequest{Mode: mode, Single: single}); err != nil {
		return Answer{}, err
	}
	message := "held: requests are answered with 503, administrators with a pass are let in"
	if mode == "park" {
		message = "held: requests wait and are served when the hold is released"
	}
	if single {
		message += "; one apartment only"
	}
	return Answer{Message: message}, nil
}

// releaseHold lets requests in again.
func releaseHold(ctx context.Context, o *order) (Answer, error) {
	if err := o.app.ReleaseHold(ctx); err != nil {
		return Answer{}, err
	}
	return Answer{Message: "released"}, nil
}

// maintMode lets one apartment run at a time, or with on=false all again.
func maintMode(ctx context.Context, o *order) (Answer, error) {
	on := true
	if text := o.form.Get("on"); text != "" {
		var err error
		if on, err = strconv.ParseBool(text); err != nil {
			return Answer{}, &problem{http.StatusBadRequest, fmt.Sprintf("on is %q; want true or false", clip(text))}
		}
	}
	if err := o.app.Maint(ctx, on); err != nil {
		return Answer{}, err
	}
	if on {
		return Answer{Message: "one apartment only"}, nil
	}
	return Answer{Message: "all apartments"}, nil
}

// pass makes a link that lets a browser through a hold.
func pass(_ context.Context, o *order) (Answer, error) {
	passes := o.c.cfg.Passes
	if passes == nil {
		return Answer{}, &problem{http.StatusNotImplemented, "not available: this program lets nobody through a hold"}
	}
	if h := o.app.Status().Hold; h == nil || h.Mode != host.Refuse {
		return Answer{}, &problem{http.StatusConflict, "there is nothing to pass: the application isn't held, or lets requests wait"}
	}
	return Answer{
		Message: "the link works once, within two minutes; the browser passes for an hour",
		Link:    o.c.site(o.r) + passes.link(o.app.Path()),
	}, nil
}

// site is the URL of the sites' listener as the administrator reaches it: one
// that listens on all addresses of the machine is at the console's.
func (c *Console) site(r *http.Request) string {
	site, err := url.Parse(c.cfg.Server.Site)
	if err != nil || site.Host == "" {
		return ""
	}
	if ip, err := netip.ParseAddr(site.Hostname()); err == nil && ip.IsUnspecified() {
		here := r.Host
		if name, _, err := net.SplitHostPort(here); err == nil {
			here = name
		}
		site.Host = net.JoinHostPort(strings.Trim(here, "[]"), site.Port())
	}
	return site.Scheme + "://" + site.Host
}
