package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/term"

	"github.com/najahost/naja/operate/admin"
)

// topEvery is how often top looks.
const topEvery = time.Second

// What a terminal is told: another screen without a cursor, and back.
const (
	enterScreen = "\x1b[?1049h\x1b[?25l\x1b[2J"
	leaveScreen = "\x1b[?25h\x1b[?1049l"
	goHome      = "\x1b[H"
	clearLine   = "\x1b[K"
	clearBelow  = "\x1b[J"
)

// top shows the status until Ctrl-C; once where the output is no terminal.
func (a *administrator) top(ctx context.Context, _ []string) error {
	screen, ok := a.out.stdout.(*os.File)
	if !ok || a.json || !term.IsTerminal(int(screen.Fd())) {
		return a.status(ctx, nil)
	}
	frame, err := a.frame(ctx)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(screen, enterScreen); err != nil {
		return err
	}
	defer io.WriteString(screen, leaveScreen)
	tick := time.NewTicker(topEvery)
	defer tick.Stop()
	for {
		width, height, err := term.GetSize(int(screen.Fd()))
		if err != nil {
			width, height = 80, 24
		}
		if _, err := io.WriteString(screen, goHome+fit(frame, width, height)+clearBelow); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		next, err := a.frame(ctx)
		switch {
		case err == nil:
			frame = next
		case ctx.Err() == nil: // the last one stays, and why
			head, _, _ := strings.Cut(frame, "\n!")
			frame = head + "\n! " + printable(err.Error()) + "\n"
		}
	}
}

// frame is the status as text.
func (a *administrator) frame(ctx context.Context) (string, error) {
	text, err := a.client.get(ctx, "/status.json", nil)
	if err != nil {
		return "", err
	}
	var doc admin.Document
	if err := json.Unmarshal(text, &doc); err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = writeStatus(&out, doc)
	return out.String(), err
}

// fit cuts a text to a screen; each line clears what is left of the one
// before.
func fit(text string, width, height int) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) > height {
		lines = lines[:height]
	}
	for i, line := range lines {
		for utf8.RuneCountInString(line) > width {
			_, last := utf8.DecodeLastRuneInString(line)
			line = line[:len(line)-last]
		}
		lines[i] = line + clearLine
	}
	return strings.Join(lines, "\r\n")
}
