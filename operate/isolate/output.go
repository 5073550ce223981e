package isolate

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"sync"
	"time"
)

const (
	maxLine       = 8 << 10 // bytes of a line of a worker's output; the rest of it is left out
	maxLines      = 500     // of one stream within linesInterval; the rest are counted
	linesInterval = 10 * time.Second
)

// readLines gives each line of in to say, shortened where it is longer than
// maxLine, until in ends. Too many of them are left out, and counted.
func readLines(in io.Reader, say func(line string), left func(lines int)) {
	r := bufio.NewReaderSize(in, maxLine)
	var since time.Time
	said, dropped := 0, 0
	for {
		line, err := r.ReadSlice('\n')
		text := strings.TrimRight(strings.ToValidUTF8(string(line), "?"), "\r\n")
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = r.ReadSlice('\n')
			if !strings.HasSuffix(text, "…") {
				text += "…"
			}
		}
		if now := time.Now(); now.Sub(since) > linesInterval {
			if dropped > 0 {
				left(dropped)
			}
			since, said, dropped = now, 0, 0
		}
		switch {
		case text == "" && err != nil:
		case said < maxLines:
			said++
			say(text)
		default:
			dropped++
		}
		if err != nil {
			if dropped > 0 {
				left(dropped)
			}
			return
		}
	}
}

// lastWords are the lines of a worker's standard error that may say why it
// died: the first of a crash that Go writes.
type lastWords struct {
	mu    sync.Mutex
	lines []string
}

// maxWords is how many lines are kept from the one on that looks like a
// crash's first.
const maxWords = 40

func (l *lastWords) hear(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.lines) == 0 && !startsCrash(line) || len(l.lines) >= maxWords {
		return
	}
	l.lines = append(l.lines, line)
}

func startsCrash(line string) bool {
	for _, prefix := range []string{"fatal error: ", "runtime: ", "panic: ", "SIGSEGV", "SIGQUIT", "unexpected fault", "SIGBUS", "SIGABRT", "SIGILL"} {
		if strings.HasPrefix(line, prefix) {
			return true
		}
	}
	return false
}

// reason is what Go said, in a few words; "" when it said nothing.
func (l *lastWords) reason() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := strings.Join(l.lines, "\n")
	switch {
	case strings.Contains(text, "stack overflow"), strings.Contains(text, "stack exceeds"):
		return "stack overflow"
	case strings.Contains(text, "out of memory"), strings.Contains(text, "cannot allocate memory"):
		return "out of memory"
	}
	for _, line := range l.lines {
		for _, prefix := range []string{"fatal error: ", "panic: ", "SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL"} {
			if strings.HasPrefix(line, prefix) {
				return clip(line, 200)
			}
		}
	}
	return ""
}

func clip(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}
