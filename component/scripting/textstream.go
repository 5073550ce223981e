package scripting

import (
	"bufio"
	"errors"
	"io"
	"os"
	"strings"
	"unicode/utf16"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/variant"
)

// maxText bounds what one call reads or writes, in bytes.
const maxText = 64 << 20

var (
	errPastEnd  = &component.Error{Number: component.Control(62), Description: "Input past end of file"}
	errBadMode  = &component.Error{Number: component.Control(54), Description: "Bad file mode"}
	errTooLong  = &component.Error{Number: variant.OutOfMemory, Description: "the text is too long"}
	errNotOpen  = &component.Error{Number: component.Control(52), Description: "Bad file name or number"}
	errTooOpen  = &component.Error{Number: component.Control(67), Description: "Too many files"}
	errDiskFull = &component.Error{Number: component.Control(61), Description: "Disk full"}
)

// A textStream is a file that is read or written as text: in the page's code page, or
// in UTF-16. Its own characters are UTF-16 units.
type textStream struct {
	of      *fileSystem
	file    *os.File
	reading bool
	wide    bool // UTF-16LE
	cp      *codepage.CodePage

	in     []uint16 // what was read and not yet given
	rest   []byte   // of in, before it is decoded: an odd byte
	ended  bool
	out    *bufio.Writer
	line   int
	column int
}

// Class is the table of its members.
func (s *textStream) Class() *component.Class { return textStreamClass }

// Close is [component.Closer]: a page that forgot to close it loses nothing.
func (s *textStream) Close(component.End) error { return s.close() }

var textStreamClass = component.Make(component.Class{
	Name: "TextStream",
	Members: []component.Member{
		component.Property("AtEndOfLine", "boolean", func(s *textStream) (variant.Value, error) {
			c, more, err := s.peek()
			return variant.Bool(!more || c == '\n' || c == '\r'), err
		}, nil),
		component.Property("AtEndOfStream", "boolean", func(s *textStream) (variant.Value, error) {
			_, more, err := s.peek()
			return variant.Bool(!more), err
		}, nil),
		component.ReadOnly("Column", "number", func(s *textStream) variant.Value { return variant.Int(int64(s.column)) }),
		component.ReadOnly("Line", "number", func(s *textStream) variant.Value { return variant.Int(int64(s.line)) }),
		component.Action("Close", "()", func(s *textStream, _ component.Args) error { return s.close() }),
		component.Method("Read", "(n)", "text", func(s *textStream, args component.Args) (variant.Value, error) {
			n, err := count(args)
			if err != nil {
				return variant.Empty, err
			}
			return s.read(n)
		}),
		component.Method("ReadAll", "()", "text", func(s *textStream, _ component.Args) (variant.Value, error) {
			return s.readAll()
		}),
		component.Method("ReadLine", "()", "text", func(s *textStream, _ component.Args) (variant.Value, error) {
			return s.readLine()
		}),
		component.Action("Skip", "(n)", func(s *textStream, args component.Args) error {
			n, err := count(args)
			if err == nil {
				_, err = s.read(n)
			}
			return err
		}),
		component.Action("SkipLine", "()", func(s *textStream, _ component.Args) error {
			_, err := s.readLine()
			return err
		}),
		component.Action("Write", "(text)", func(s *textStream, args component.Args) error { return s.writeArg(args, "") }),
		component.Action("WriteBlankLines", "(n)", func(s *textStream, args component.Args) error {
			n, err := count(args)
			if err == nil && n > maxText/2 {
				err = errTooLong
			}
			if err != nil {
				return err
			}
			return s.write(strings.Repeat("\r\n", n))
		}),
		component.Action("WriteLine", "([text])", func(s *textStream, args component.Args) error { return s.writeArg(args, "\r\n") }),
	},
})

// count is a number of characters or lines.
func count(args component.Args) (int, error) {
	n, err := args.Long(0, -1)
	if err == nil && n < 0 {
		err = errCall
	}
	return int(n), err
}

func (s *textStream) canRead() error {
	switch {
	case s.file == nil:
		return errNotOpen
	case !s.reading:
		return errBadMode
	}
	return nil
}

// fill reads on until so many units are there, or the file ends.
func (s *textStream) fill(n int) error {
	if err := s.canRead(); err != nil {
		return err
	}
	var buffer []byte
	for len(s.in) < n && !s.ended {
		if buffer == nil {
			buffer = make([]byte, 32<<10)
		}
		got, err := s.file.Read(buffer)
		s.rest = append(s.rest, buffer[:got]...)
		if s.ended = errors.Is(err, io.EOF); err != nil && !s.ended {
			return failure(err, false)
		}
		s.decode()
		if len(s.in) > maxText {
			return errTooLong
		}
	}
	return nil
}

// decode takes what was read apart. Of a code page with characters of several bytes
// all is read first: half of one says nothing.
func (s *textStream) decode() {
	if s.wide {
		for len(s.rest) >= 2 {
			s.in = append(s.in, uint16(s.rest[0])|uint16(s.rest[1])<<8)
			s.rest = s.rest[2:]
		}
		return
	}
	if !s.ended && !s.cp.SingleByte() {
		whole := strings.LastIndexByte(string(s.rest), '\n') + 1 // no such code page has a line end within a character
		text, _ := s.cp.Decode(s.rest[:whole])
		s.in, s.rest = append(s.in, utf16.Encode([]rune(text))...), s.rest[whole:]
		return
	}
	text, _ := s.cp.Decode(s.rest)
	s.in, s.rest = append(s.in, utf16.Encode([]rune(text))...), nil
}

func (s *textStream) peek() (c uint16, more bool, err error) {
	if err := s.fill(1); err != nil || len(s.in) == 0 {
		return 0, false, err
	}
	return s.in[0], true, nil
}

// take gives the first units, and counts lines and columns.
func (s *textStream) take(n int) []uint16 {
	got := s.in[:n]
	s.in = s.in[n:]
	for _, c := range got {
		if s.column++; c == '\n' {
			s.line, s.column = s.line+1, 1
		}
	}
	return got
}

func textOf(units []uint16) variant.Value { return variant.String(string(utf16.Decode(units))) }

func (s *textStream) read(n int) (variant.Value, error) {
	if err := s.canRead(); err != nil || n == 0 {
		return variant.String(""), err
	}
	if n > maxText {
		n = maxText
	}
	if err := s.fill(n); err != nil {
		return variant.Empty, err
	}
	if len(s.in) == 0 {
		return variant.Empty, errPastEnd
	}
	return textOf(s.take(min(n, len(s.in)))), nil
}

func (s *textStream) readAll() (variant.Value, error) {
	if err := s.fill(maxText + 1); err != nil {
		return variant.Empty, err
	}
	if len(s.in) == 0 {
		return variant.Empty, errPastEnd
	}
	return textOf(s.take(len(s.in))), nil
}

// readLine reads up to a line feed, which alone ends a line; a carriage return
// before it belongs to it.
func (s *textStream) readLine() (variant.Value, error) {
	for n := 1; ; n++ {
		if err := s.fill(n); err != nil {
			return variant.Empty, err
		}
		switch {
		case len(s.in) == 0:
			return variant.Empty, errPastEnd
		case len(s.in) < n:
			return textOf(s.take(len(s.in))), nil
		case s.in[n-1] == '\n':
			line := s.take(n)
			line = line[:n-1]
			if len(line) > 0 && line[len(line)-1] == '\r' {
				line = line[:len(line)-1]
			}
			return textOf(line), nil
		}
	}
}

func (s *textStream) writeArg(args component.Args, end string) error {
	text := ""
	if args.Given(0) {
		var err error
		if text, err = text0(args); err != nil {
			return err
		}
	} else if end == "" {
		return variant.ParamNotOption
	}
	return s.write(text + end)
}

// text0 is the first argument as text.
func text0(args component.Args) (string, error) {
	v := args.At(0).Deref()
	if s, ok := v.Str(); ok {
		return s, nil
	}
	return args.Text(0)
}

func (s *textStream) write(text string) error {
	switch {
	case s.file == nil:
		return errNotOpen
	case s.reading:
		return errBadMode
	case len(text) > maxText:
		return errTooLong
	}
	for _, c := range text {
		if s.column++; c == '\n' {
			s.line, s.column = s.line+1, 1
		}
	}
	var b []byte
	if s.wide {
		for _, unit := range utf16.Encode([]rune(text)) {
			b = append(b, byte(unit), byte(unit>>8))
		}
	} else {
		b = s.cp.Encode(nil, text)
	}
	_, err := s.out.Write(b)
	return failure(err, false)
}

// close writes what is left, once.
func (s *textStream) close() error {
	if s.file == nil {
		return nil
	}
	var err error
	if s.out != nil {
		err = s.out.Flush()
	}
	err = errors.Join(err, s.file.Close())
	s.file = nil
	s.of.open--
	return failure(err, false)
}
