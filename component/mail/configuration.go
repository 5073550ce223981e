package mail

import (
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/variant"
)

// The fields of the namespace that mean something here.
const (
	namespace      = "http://schemas.microsoft.com/cdo/configuration/"
	sendUsing      = namespace + "sendusing"
	smtpServer     = namespace + "smtpserver"
	smtpPort       = namespace + "smtpserverport"
	smtpAuth       = namespace + "smtpauthenticate"
	sendUserName   = namespace + "sendusername"
	sendPassword   = namespace + "sendpassword"
	smtpUseSSL     = namespace + "smtpusessl"
	connectTimeout = namespace + "smtpconnectiontimeout"
)

// The values of sendusing (CdoSendUsing) and of smtpauthenticate
// (CdoProtocolsAuthentication).
const (
	usingPickup = 1
	usingPort   = 2
	authNone    = 0
)

// A configuration is CDO.Configuration.
type configuration struct{ fields *fields }

func newConfiguration() *configuration { return &configuration{&fields{}} }

// Class is the table of its members.
func (c *configuration) Class() *component.Class { return configurationClass }

var configurationClass = component.Make(component.Class{
	Name: "CDO.Configuration",
	Members: []component.Member{
		component.ReadOnly("Fields", "Fields", func(c *configuration) variant.Value { return component.Of(c.fields) }),
		component.Action("Load", "(from[, url])", func(c *configuration, _ component.Args) error { // cdoDefaults, cdoIIS, cdoOutlook: the relay is all there is
			c.fields.all = nil
			return nil
		}),
	},
	Default: "Fields",
	Value:   "",
})

// server is where a message with this configuration goes.
func (m *Mail) server(c *configuration) (*server, time.Duration, error) {
	timeout := m.cfg.Timeout
	if seconds, ok := c.fields.number(connectTimeout); ok && seconds > 0 {
		timeout = min(timeout, time.Duration(seconds)*time.Second)
	}
	named := c.fields.text(smtpServer)
	using, given := c.fields.number(sendUsing)
	switch {
	case !given && named != "":
		using = usingPort
	case !given:
		using = usingPickup
	}
	switch {
	case using == usingPickup && m.relay != nil:
		return m.relay, timeout, nil
	case using != usingPort:
		return nil, 0, failure(invalidSendUsing, nil)
	case named == "":
		return nil, 0, failure(serverRequired, nil)
	}
	s, err := m.named(c, named)
	return s, timeout, err
}

// named is the server that a page names. This host's own port 25 was the SMTP
// service of IIS: that is the relay.
func (m *Mail) named(c *configuration, host string) (*server, error) {
	port, ok := c.fields.number(smtpPort)
	if !ok {
		port = 25
	}
	address := net.JoinHostPort(host, strconv.Itoa(port))
	if m.relay != nil && (strings.EqualFold(address, m.relay.address) || port == 25 && isLocal(host)) && !m.allowed(address) {
		return m.relay, nil
	}
	if !m.allowed(address) {
		return nil, failure(failedToConnect, &refused{address})
	}
	s := &server{address: address, host: host}
	if c.fields.flag(smtpUseSSL) {
		s.tls, s.starttls = port == 465, port != 465
	}
	if auth, ok := c.fields.number(smtpAuth); ok && auth != authNone {
		s.user, s.password = c.fields.text(sendUserName), c.fields.text(sendPassword)
	}
	return s, nil
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || host == "." || ip != nil && ip.IsLoopback()
}

// refused is a server that pages may not name.
type refused struct{ address string }

// Error says what to write to allow it.
func (r *refused) Error() string {
	return "pages may not send mail by " + r.address + `: [mail] allow = ["` + r.address + `"] would let them`
}
