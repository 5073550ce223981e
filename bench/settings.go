package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// settings are what the command line says.
type settings struct {
	args    []string
	quick   bool
	html    string   // file, "" for none
	json    string   // file, "" for none
	compare []string // two files, nil to measure

	only        []string // groups, nil for all
	sizes       []int    // bytes; these five are nil when they aren't given
	flushes     []int
	concurrency []int
	http        []string
	keepAlive   []bool

	rounds int           // 0: as many as each group has
	round  time.Duration // 0: as long as each group has
}

// groups are what --only knows.
var groups = []string{"page", "waiting", "isolated", "slow", "matrix"}

// parse reads the command line. Its error says what would be right.
func parse(args []string, stderr io.Writer) (settings, error) {
	s := settings{args: args}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&s.quick, "quick", false, "measure the most telling part, in less than a minute")
	flags.StringVar(&s.html, "html", "", "write a report with plots to `FILE`")
	flags.StringVar(&s.json, "json", "", "write the figures to `FILE`")
	compares := flags.Bool("compare", false, "compare two files that --json wrote: bench --compare A.json B.json")
	listFlag(flags, &s.only, "only", "measure only these `GROUPS` of "+strings.Join(groups, ","), oneOf(groups...))
	listFlag(flags, &s.sizes, "sizes", "page `SIZES` of the matrix, such as 1KB,10KB,1MB", parseSize)
	listFlag(flags, &s.flushes, "flushes", "`NUMBERS` of flushes of the matrix, such as 0,1,10", parseNumber(0, 10000))
	listFlag(flags, &s.concurrency, "concurrency", "`NUMBERS` of visitors of the matrix, such as 1,16", parseNumber(1, 10000))
	listFlag(flags, &s.http, "http", "`VERSIONS` of HTTP of the matrix, of 1.0,1.1", oneOf("1.0", "1.1"))
	listFlag(flags, &s.keepAlive, "keepalive", "whether connections are kept in the matrix, of `on,off`", parseSwitch)
	flags.IntVar(&s.rounds, "rounds", 0, "measure each case in `N` rounds")
	flags.DurationVar(&s.round, "round", 0, "measure each side for `TIME` in each round, such as 300ms")

	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stderr, "usage: bench [--quick] [--html FILE] [--json FILE] [--only GROUPS] [--sizes …]\n       bench --compare A.json B.json\n\n")
		flags.SetOutput(stderr)
		flags.PrintDefaults()
	}
	if err != nil {
		return s, err
	}
	return s, s.check(flags.Args(), *compares)
}

// check looks at what is right only together.
func (s *settings) check(rest []string, compares bool) error {
	switch {
	case compares && len(rest) != 2:
		return fmt.Errorf("--compare: %d files; want two that --json wrote", len(rest))
	case compares:
		s.compare = rest
	case len(rest) > 0:
		return fmt.Errorf("%q is no flag; see --help", rest[0])
	case s.rounds < 0 || s.round < 0:
		return errors.New("--rounds, --round: want more than nothing")
	}
	return nil
}

// wants reports whether a group is to be measured.
func (s *settings) wants(group string) bool {
	return s.only == nil || slices.Contains(s.only, group)
}

// listFlag is a flag with values between commas.
func listFlag[T comparable](flags *flag.FlagSet, list *[]T, name, usage string, parse func(string) (T, error)) {
	flags.Func(name, usage, func(text string) error {
		*list = nil
		for item := range strings.SplitSeq(text, ",") {
			v, err := parse(strings.TrimSpace(item))
			if err != nil {
				return err
			}
			if !slices.Contains(*list, v) {
				*list = append(*list, v)
			}
		}
		return nil
	})
}

// parseSize reads 512, 1KB or 1MB.
func parseSize(text string) (int, error) {
	digits, unit := text, 1
	for suffix, bytes := range map[string]int{"KB": 1 << 10, "MB": 1 << 20} {
		if before, ok := strings.CutSuffix(strings.ToUpper(text), suffix); ok {
			digits, unit = before, bytes
		}
	}
	n, err := strconv.Atoi(strings.TrimSpace(digits))
	// Past 4 MB a page passes buffering_limit.
	if err != nil || n < 1 || n > (4<<20)/unit {
		return 0, fmt.Errorf("%q is no size of a page; want 1 to 4MB, such as 10KB", text)
	}
	return n * unit, nil
}

func parseNumber(least, most int) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < least || n > most {
			return 0, fmt.Errorf("%q; want a number from %d to %d", text, least, most)
		}
		return n, nil
	}
}

func parseSwitch(text string) (bool, error) {
	switch text {
	case "on":
		return true, nil
	case "off":
		return false, nil
	}
	return false, fmt.Errorf("%q; want on or off", text)
}

func oneOf(known ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if !slices.Contains(known, text) {
			return "", fmt.Errorf("%q; want one of %s", text, strings.Join(known, ", "))
		}
		return text, nil
	}
}
