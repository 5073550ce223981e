package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/najahost/naja/operate/admin"
)

// passwd sets the password of an account in a file.
func (a *administrator) passwd(_ context.Context, args []string) error {
	file, account := args[0], args[1]
	password, err := newPassword(account)
	if err != nil {
		return err
	}
	created, err := admin.SetPassword(file, account, password)
	if err != nil {
		return err
	}
	if created {
		return a.write(fmt.Sprintf("%s: account %s is new", file, account))
	}
	return a.write(fmt.Sprintf("%s: account %s has a new password", file, account))
}

// newPassword asks twice at a terminal; otherwise it is the first line of
// standard input.
func newPassword(account string) (string, error) {
	if !term.IsTerminal(int(os.Stdin.Fd())) {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	first, err := askPassword("new password of " + account)
	if err != nil {
		return "", err
	}
	second, err := askPassword("once more")
	if err == nil && first != second {
		err = errors.New("these are two different passwords")
	}
	return first, err
}

// askPassword asks at the terminal, which doesn't show what is typed.
func askPassword(what string) (string, error) {
	fd := int(os.Stdin.Fd())
	if !term.IsTerminal(fd) {
		return "", usageErrorf("admin: the password is missing; want it in NAJA_ADMIN_PASSWORD")
	}
	fmt.Fprintf(os.Stderr, "%s: ", what)
	text, err := term.ReadPassword(fd)
	fmt.Fprintln(os.Stderr)
	if err != nil {
		return "", fmt.Errorf("read the password: %w", err)
	}
	return string(text), nil
}
