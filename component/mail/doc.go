// Package mail is CDO.Message, CDO.Configuration and CDONTS.NewMail: the objects
// by which pages send mail on IIS. [Open] makes what a program hands over in
// engine.Config.Components:
//
//	m, err := mail.Open(mail.Config{Relay: "smtp://mail.example.org:587"})
//	cfg.Components = m.Components()
//
// Where mail goes the program decides and not the page. A page that names no
// server, as most do on IIS, whose own SMTP service took it, means the relay. One
// that names a server by CDO's fields (sendusing = 2 and smtpserver) reaches it
// if it is the relay or one of Allow, with the page's own user and password.
//
// Send delivers to the server before it returns: a page that goes on knows that the
// server has the message. Errors have CDO's numbers (cdosyserr.h of the Platform
// SDK). Header fields are UTF-8 whatever Charset the text has.
package mail
