package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// A Mail is what [mail] says: where pages may send mail. Each comment names the
// key and its default.
type Mail struct {
	// Relay (mail.relay) takes the mail of pages that name no server:
	// smtp://USER@HOST:PORT, or env:NAME or file:PATH, where that is written.
	// Default "": pages that name none send none.
	Relay string
	// Password (mail.password) says where the password of the relay's user is:
	// env:NAME or file:PATH. Default "": there is none, or Relay has it.
	Password string
	// Allow (mail.allow) are servers, as HOST:PORT, that pages may name.
	// Default: none.
	Allow []string
	// PerMinute (mail.per_minute) bounds the messages of all pages. Default 60.
	PerMinute int
	// RecipientsMax (mail.recipients_max) bounds those of one message. Default 100.
	RecipientsMax int
	// SizeMax (mail.size_max) bounds a message's texts and files, in bytes. Default
	// 10485760.
	SizeMax int64
	// Timeout (mail.timeout) is for a server to take a message. Default 30s.
	Timeout time.Duration
}

// checkRelay looks whether a relay may be one; the rest is seen when it is opened.
func checkRelay(text string) error {
	for _, scheme := range [...]string{"smtp://", "smtps://", "env:", "file:"} {
		if rest, ok := strings.CutPrefix(text, scheme); ok && rest != "" {
			return nil
		}
	}
	return errors.New(`write "smtp://USER@HOST:PORT", "smtps://…", "env:NAME" or "file:PATH"`)
}

// checkReference refuses a secret that stands in the file itself.
func checkReference(text string) error {
	for _, scheme := range [...]string{"env:", "file:"} {
		if rest, ok := strings.CutPrefix(text, scheme); ok && rest != "" {
			return nil
		}
	}
	return errors.New(`write where the secret is, "env:NAME" or "file:PATH", and not the secret`)
}

// Resolved is a text, or what it refers to: env:NAME is a variable of the
// environment, file:PATH the first line of a file. The error names the reference and
// never what is there.
func Resolved(text string) (string, error) {
	if name, ok := strings.CutPrefix(text, "env:"); ok {
		value, there := os.LookupEnv(name)
		if !there || value == "" {
			return "", fmt.Errorf("the environment has no %s", name)
		}
		return value, nil
	}
	if name, ok := strings.CutPrefix(text, "file:"); ok {
		b, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		line, _, _ := strings.Cut(string(b), "\n")
		if line = strings.TrimSpace(line); line == "" {
			return "", fmt.Errorf("%s is empty", name)
		}
		return line, nil
	}
	return text, nil
}
