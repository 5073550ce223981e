package scripting

import (
	"bufio"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/component/files"
	"github.com/najahost/naja/internal/codepage"
	"github.com/najahost/naja/variant"
)

// Bounds of one FileSystemObject, which is one request's.
const (
	maxOpen   = 64      // text streams that are open
	maxCopied = 10_000  // files and folders of one copy
	maxDeep   = 64      // folders in folders
	maxBytes  = 1 << 30 // of one copy
)

var (
	errNoFile     = &component.Error{Number: component.Control(53), Description: "File not found"}
	errNoPath     = &component.Error{Number: component.Control(76), Description: "Path not found"}
	errThere      = &component.Error{Number: component.Control(58), Description: "File already exists"}
	errPermission = &component.Error{Number: component.Control(70), Description: "Permission denied"}
	errNoDrive    = &component.Error{Number: component.Control(68), Description: "Device unavailable"}
)

// A fileSystem is Scripting.FileSystemObject.
type fileSystem struct {
	door *files.Door
	env  component.Env
	open int // text streams
	all  []*textStream
}

func newFileSystem(door *files.Door, env component.Env) *fileSystem {
	return &fileSystem{door: door, env: env}
}

// Class is the table of its members.
func (f *fileSystem) Class() *component.Class { return fileSystemClass }

// Close closes what its page left open, and writes what was still to be written.
func (f *fileSystem) Close(end component.End) error {
	var errs []error
	for _, s := range f.all {
		errs = append(errs, s.Close(end))
	}
	f.all = nil
	return errors.Join(errs...)
}

var fileSystemClass = component.Make(component.Class{
	Name: "Scripting.FileSystemObject",
	Members: []component.Member{
		component.Method("BuildPath", "(path, name)", "text", func(_ *fileSystem, args component.Args) (variant.Value, error) {
			p, err := args.Text(0)
			if err != nil {
				return variant.Empty, err
			}
			name, err := args.Text(1)
			return variant.String(buildPath(p, name)), err
		}),
		component.Action("CopyFile", "(source, destination[, overwrite])", (*fileSystem).copyFile),
		component.Action("CopyFolder", "(source, destination[, overwrite])", (*fileSystem).copyFolder),
		component.Method("CreateFolder", "(path)", "Folder", (*fileSystem).createFolder),
		component.Method("CreateTextFile", "(path[, overwrite, unicode])", "TextStream", (*fileSystem).createTextFile),
		component.Action("DeleteFile", "(path[, force])", func(f *fileSystem, args component.Args) error { return f.delete(args, false) }),
		component.Action("DeleteFolder", "(path[, force])", func(f *fileSystem, args component.Args) error { return f.delete(args, true) }),
		component.Method("DriveExists", "(drive)", "boolean", func(*fileSystem, component.Args) (variant.Value, error) { return variant.Bool(false), nil }),
		component.Method("FileExists", "(path)", "boolean", func(f *fileSystem, args component.Args) (variant.Value, error) {
			return f.exists(args, fs.FileMode.IsRegular)
		}),
		component.Method("FolderExists", "(path)", "boolean", func(f *fileSystem, args component.Args) (variant.Value, error) {
			return f.exists(args, fs.FileMode.IsDir)
		}),
		component.Method("GetAbsolutePathName", "(path)", "text", (*fileSystem).absolute),
		onText("GetBaseName", baseName),
		component.Method("GetDrive", "(drive)", "any", func(*fileSystem, component.Args) (variant.Value, error) { return variant.Empty, errNoDrive }),
		onText("GetDriveName", driveName),
		onText("GetExtensionName", extensionName),
		component.Method("GetFile", "(path)", "File", func(f *fileSystem, args component.Args) (variant.Value, error) {
			spot, err := f.spot(args, 0, fs.FileMode.IsRegular, errNoFile)
			return f.entry(spot, false), err
		}),
		onText("GetFileName", fileName),
		onText("GetFileVersion", func(string) string { return "" }),
		component.Method("GetFolder", "(path)", "Folder", func(f *fileSystem, args component.Args) (variant.Value, error) {
			spot, err := f.spot(args, 0, fs.FileMode.IsDir, errNoPath)
			return f.entry(spot, true), err
		}),
		onText("GetParentFolderName", parentName),
		component.Method("GetTempName", "()", "text", func(*fileSystem, component.Args) (variant.Value, error) {
			return variant.String("rad" + rand.Text()[:5] + ".tmp"), nil
		}),
		component.Action("MoveFile", "(source, destination)", (*fileSystem).moveFile),
		component.Action("MoveFolder", "(source, destination)", (*fileSystem).moveFolder),
		component.Method("OpenTextFile", "(path[, mode, create, format])", "TextStream", (*fileSystem).openTextFile),
	},
})

// onText is a function of a path's text.
func onText(name string, do func(string) string) component.Member {
	return component.Method(name, "(path)", "text", func(_ *fileSystem, args component.Args) (variant.Value, error) {
		p, err := args.Text(0)
		if err != nil {
			return variant.Empty, err
		}
		return variant.String(do(p)), nil
	})
}

// driveName is the drive of a path: a letter, or a host's share.
func driveName(p string) string { return driveOf(p) }

// failure puts an error of the system into scrrun's numbers, without a path of the
// machine. folder says that a folder was looked for.
func failure(err error, folder bool) error {
	var known *component.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err
	case errors.Is(err, files.ErrPath):
		return errNoPath
	case errors.Is(err, files.ErrPermission), errors.Is(err, fs.ErrPermission):
		return errPermission
	case errors.Is(err, fs.ErrExist):
		return errThere
	case errors.Is(err, syscall.ENOSPC):
		return errDiskFull
	case errors.Is(err, syscall.ENOTDIR), errors.Is(err, fs.ErrNotExist) && folder:
		return errNoPath
	case errors.Is(err, fs.ErrNotExist):
		return errNoFile
	}
	return &component.Error{Number: errPermission.Number, Description: errPermission.Description, Err: err}
}

// spot is where an argument leads, to what has to be there.
func (f *fileSystem) spot(args component.Args, i int, is func(fs.FileMode) bool, missing error) (files.Spot, error) {
	name, err := args.Text(i)
	if err != nil {
		return files.Spot{}, err
	}
	spot, err := f.door.Find(name)
	if err != nil {
		return spot, missing
	}
	info, err := spot.Stat()
	if err != nil || !is(info.Mode()) {
		return spot, missing
	}
	return spot, nil
}

func (f *fileSystem) exists(args component.Args, is func(fs.FileMode) bool) (variant.Value, error) {
	_, err := f.spot(args, 0, is, errNoPath)
	if err == errNoPath {
		err = nil
		return variant.Bool(false), err
	}
	return variant.Bool(err == nil), err
}

// absolute is a path as the door has it; what leads nowhere stays as it is.
func (f *fileSystem) absolute(args component.Args) (variant.Value, error) {
	name, err := args.Text(0)
	if err != nil {
		return variant.Empty, err
	}
	if spot, err := f.door.Find(name); err == nil {
		return variant.String(spot.Path()), nil
	}
	return variant.String(name), nil
}

// target is where something is to be made: its folder has to be there.
func (f *fileSystem) target(name string) (files.Spot, error) {
	spot, err := f.door.Find(name)
	if err != nil {
		return spot, errNoPath
	}
	if parent, ok := spot.Parent(); ok {
		if info, err := parent.Stat(); err != nil || !info.IsDir() {
			return spot, errNoPath
		}
	}
	return spot, nil
}

func (f *fileSystem) createFolder(args component.Args) (variant.Value, error) {
	name, err := args.Text(0)
	if err != nil {
		return variant.Empty, err
	}
	spot, err := f.target(name)
	if err != nil {
		return variant.Empty, err
	}
	if _, err := spot.Stat(); err == nil {
		return variant.Empty, errThere
	}
	if err := spot.Mkdir(); err != nil {
		return variant.Empty, failure(err, true)
	}
	return f.entry(spot, true), nil
}

func (f *fileSystem) createTextFile(args component.Args) (variant.Value, error) {
	name, err := args.Text(0)
	if err != nil {
		return variant.Empty, err
	}
	overwrite, err := args.Bool(1, true)
	if err != nil {
		return variant.Empty, err
	}
	wide, err := args.Bool(2, false)
	if err != nil {
		return variant.Empty, err
	}
	return f.createIn(name, overwrite, wide)
}

func (f *fileSystem) createIn(name string, overwrite, wide bool) (variant.Value, error) {
	spot, err := f.target(name)
	if err != nil {
		return variant.Empty, err
	}
	flag := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if !overwrite {
		flag = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	}
	return f.stream(func() (*os.File, error) { return spot.OpenFile(flag) }, false, wide, wide)
}

// The modes and formats of OpenTextFile (IOMode, Tristate).
const (
	forReading, forWriting, forAppending       = 1, 2, 8
	formatANSI, formatUnicode, formatByContent = 0, -1, -2
)

func (f *fileSystem) openTextFile(args component.Args) (variant.Value, error) {
	name, err := args.Text(0)
	if err != nil {
		return variant.Empty, err
	}
	mode, err := args.Long(1, forReading)
	if err != nil {
		return variant.Empty, err
	}
	create, err := args.Bool(2, false)
	if err != nil {
		return variant.Empty, err
	}
	format, err := args.Long(3, formatANSI)
	if err != nil {
		return variant.Empty, err
	}
	return f.openText(name, mode, create, format)
}

func (f *fileSystem) openText(name string, mode int32, create bool, format int32) (variant.Value, error) {
	if format < formatByContent || format > formatANSI || mode != forReading && mode != forWriting && mode != forAppending {
		return variant.Empty, errCall
	}
	spot, err := f.target(name)
	if err != nil {
		return variant.Empty, err
	}
	info, err := spot.Stat()
	switch {
	case err != nil && !create:
		return variant.Empty, errNoFile
	case err == nil && info.IsDir():
		return variant.Empty, errPermission
	}
	empty := err != nil || info.Size() == 0
	wide := format == formatUnicode
	if format == formatByContent && mode != forWriting && !empty {
		if wide, err = marked(spot); err != nil {
			return variant.Empty, failure(err, false)
		}
	}
	if mode == forReading {
		if empty && err != nil {
			if _, err := f.createIn(name, false, wide); err != nil {
				return variant.Empty, err
			}
		}
		return f.stream(spot.Open, true, wide, false)
	}
	flag := os.O_WRONLY | os.O_APPEND
	if mode == forWriting {
		flag = os.O_WRONLY | os.O_TRUNC
	}
	if create {
		flag |= os.O_CREATE
	}
	return f.stream(func() (*os.File, error) { return spot.OpenFile(flag) }, false, wide, wide && (empty || mode == forWriting))
}

// marked says that a file begins with the mark of UTF-16LE.
func marked(spot files.Spot) (bool, error) {
	file, err := spot.Open()
	if err != nil {
		return false, err
	}
	defer file.Close()
	var mark [2]byte
	n, err := io.ReadFull(file, mark[:])
	if n < 2 {
		return false, nil
	}
	return mark == [2]byte{0xff, 0xfe}, err
}

// stream opens a text stream. mark says that it begins with the mark of UTF-16.
func (f *fileSystem) stream(open func() (*os.File, error), reading, wide, mark bool) (variant.Value, error) {
	if f.open >= maxOpen {
		return variant.Empty, errTooOpen
	}
	file, err := open()
	if err != nil {
		return variant.Empty, failure(err, false)
	}
	cp, ok := codepage.Lookup(f.env.CodePage())
	if !ok {
		cp = codepage.UTF8
	}
	s := &textStream{of: f, file: file, reading: reading, wide: wide, cp: cp, line: 1, column: 1}
	f.open++
	f.all = append(f.all, s)
	if !reading {
		s.out = bufio.NewWriterSize(file, 32<<10)
		if mark {
			_, err = s.out.Write([]byte{0xff, 0xfe})
		}
		return component.Of(s), failure(err, false)
	}
	if wide { // its mark is no text
		var two [2]byte
		n, err := io.ReadFull(file, two[:])
		if n == 2 && two != [2]byte{0xff, 0xfe} || n == 1 {
			s.rest = append(s.rest, two[:n]...)
			s.decode()
		}
		if n < 2 {
			s.ended = true
		}
		_ = err
	}
	return component.Of(s), nil
}

// matching are the files or folders that a name with wildcards in its last part
// stands for; the one itself without.
func (f *fileSystem) matching(name string, is func(fs.FileMode) bool, missing error) (list []files.Spot, wild bool, err error) {
	slashed := strings.ReplaceAll(name, `\`, "/")
	dir, pattern := path.Split(slashed)
	if !strings.ContainsAny(pattern, "*?") {
		spot, err := f.spot(component.Args{variant.String(name)}, 0, is, missing)
		return []files.Spot{spot}, false, err
	}
	folder, err := f.door.Find(cmpOr(strings.TrimRight(dir, "/"), "/"))
	if err != nil {
		return nil, true, errNoPath
	}
	entries, err := folder.List()
	if err != nil {
		return nil, true, failure(err, true)
	}
	for _, e := range entries {
		if is(e.Type()) && wildcard(strings.ToLower(pattern), strings.ToLower(e.Name())) {
			list = append(list, folder.Join(e.Name()))
		}
	}
	if len(list) == 0 {
		return nil, true, missing
	}
	return list, true, nil
}

func cmpOr(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// wildcard matches * and ?, and nothing else; *.* is everything, as on Windows.
func wildcard(pattern, name string) bool {
	if pattern == "*.*" {
		return true
	}
	at, star, back := 0, -1, 0
	for i := 0; i < len(name); {
		switch {
		case at < len(pattern) && (pattern[at] == '?' || pattern[at] == name[i] && pattern[at] != '*'):
			at, i = at+1, i+1
		case at < len(pattern) && pattern[at] == '*':
			star, back = at, i
			at++
		case star >= 0:
			back++
			at, i = star+1, back
		default:
			return false
		}
	}
	return strings.Trim(pattern[at:], "*") == ""
}

func (f *fileSystem) delete(args component.Args, folder bool) error {
	name, err := args.Text(0)
	if err != nil {
		return err
	}
	force, err := args.Bool(1, false)
	if err != nil {
		return err
	}
	is, missing := fs.FileMode.IsRegular, error(errNoFile)
	if folder {
		is, missing = fs.FileMode.IsDir, errNoPath
	}
	list, _, err := f.matching(trimSlashes(name), is, missing)
	if err != nil {
		return err
	}
	for _, spot := range list {
		if err := remove(spot, force, folder); err != nil {
			return err
		}
	}
	return nil
}

// remove removes a file or folder; one that is read-only is when that is forced.
func remove(spot files.Spot, force, folder bool) error {
	if info, err := spot.Stat(); err == nil && !force && info.Mode().Perm()&0o200 == 0 {
		return errPermission
	}
	return failure(spot.Remove(folder), folder)
}

// into is where a source goes: into a folder that ends in a slash or is meant for
// several, or to the name itself.
func (f *fileSystem) into(source files.Spot, to string, several bool) (files.Spot, error) {
	if several || to != "" && isSlash(to[len(to)-1]) {
		folder, err := f.door.Find(trimSlashes(to))
		if err != nil {
			return folder, errNoPath
		}
		if info, err := folder.Stat(); err != nil || !info.IsDir() {
			return folder, errNoPath
		}
		return folder.Join(source.Base()), nil
	}
	return f.target(to)
}

// both are the two names of a copy or a move, and what the third argument says.
func both(args component.Args) (from, to string, overwrite bool, err error) {
	if from, err = args.Text(0); err == nil {
		to, err = args.Text(1)
	}
	if err == nil {
		overwrite, err = args.Bool(2, true)
	}
	return from, to, overwrite, err
}

func (f *fileSystem) copyFile(args component.Args) error {
	from, to, overwrite, err := both(args)
	if err != nil {
		return err
	}
	list, wild, err := f.matching(from, fs.FileMode.IsRegular, errNoFile)
	if err != nil {
		return err
	}
	c := copying{f: f, overwrite: overwrite}
	for _, spot := range list {
		target, err := f.into(spot, to, wild)
		if err == nil {
			err = c.file(spot, target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *fileSystem) copyFolder(args component.Args) error {
	from, to, overwrite, err := both(args)
	if err != nil {
		return err
	}
	list, wild, err := f.matching(trimSlashes(from), fs.FileMode.IsDir, errNoPath)
	if err != nil {
		return err
	}
	c := copying{f: f, overwrite: overwrite}
	for _, spot := range list {
		target, err := f.into(spot, to, wild)
		if err == nil {
			err = c.folder(spot, target, 0)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// copying is one copy and its bounds.
type copying struct {
	f         *fileSystem
	overwrite bool
	entries   int
	bytes     int64
}

func (c *copying) file(from, to files.Spot) (err error) {
	if err := c.f.env.Context().Err(); err != nil {
		return err
	}
	if c.entries++; c.entries > maxCopied {
		return errTooOpen
	}
	if from.Path() == to.Path() {
		return errPermission
	}
	in, err := from.Open()
	if err != nil {
		return failure(err, false)
	}
	defer in.Close()
	flag := os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	if !c.overwrite {
		flag = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	}
	out, err := to.OpenFile(flag)
	if err != nil {
		return failure(err, false)
	}
	defer func() { err = failure(errors.Join(err, out.Close()), false) }()
	n, err := io.Copy(out, io.LimitReader(in, maxBytes-c.bytes+1))
	if c.bytes += n; err == nil && c.bytes > maxBytes {
		err = errTooLong
	}
	return err
}

func (c *copying) folder(from, to files.Spot, deep int) error {
	if info, err := to.Stat(); err == nil && !info.IsDir() {
		return errThere
	}
	if deep > maxDeep || strings.HasPrefix(to.Path()+string(filepath.Separator), from.Path()+string(filepath.Separator)) {
		return errPermission // into itself
	}
	if c.entries++; c.entries > maxCopied {
		return errTooOpen
	}
	if _, err := to.Stat(); err != nil {
		if err := to.Mkdir(); err != nil {
			return failure(err, true)
		}
	}
	entries, err := from.List()
	if err != nil {
		return failure(err, true)
	}
	for _, e := range entries {
		switch {
		case e.IsDir():
			err = c.folder(from.Join(e.Name()), to.Join(e.Name()), deep+1)
		case e.Type().IsRegular():
			err = c.file(from.Join(e.Name()), to.Join(e.Name()))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (f *fileSystem) moveFile(args component.Args) error {
	return f.move(args, fs.FileMode.IsRegular, errNoFile, (*copying).file, false)
}

func (f *fileSystem) moveFolder(args component.Args) error {
	return f.move(args, fs.FileMode.IsDir, errNoPath, func(c *copying, from, to files.Spot) error { return c.folder(from, to, 0) }, true)
}

func (f *fileSystem) move(args component.Args, is func(fs.FileMode) bool, missing error, copied func(*copying, files.Spot, files.Spot) error, folder bool) error {
	from, to, _, err := both(args[:min(len(args), 2)])
	if err != nil {
		return err
	}
	list, wild, err := f.matching(trimSlashes(from), is, missing)
	if err != nil {
		return err
	}
	for _, spot := range list {
		target, err := f.into(spot, to, wild)
		if err != nil {
			return err
		}
		if err := f.moveTo(spot, target, copied, folder); err != nil {
			return err
		}
	}
	return nil
}

// moveTo moves one; what is there already is never replaced.
func (f *fileSystem) moveTo(from, to files.Spot, copied func(*copying, files.Spot, files.Spot) error, folder bool) error {
	if _, err := to.Stat(); err == nil {
		return errThere
	}
	if from.IsFolder() {
		return errPermission
	}
	if ok, err := from.Rename(to); ok {
		return failure(err, folder)
	}
	if err := copied(&copying{f: f}, from, to); err != nil {
		return err
	}
	return remove(from, true, folder)
}
