package scripting

import (
	"io/fs"
	"os"
	"strings"

	"github.com/najahost/naja/component"
	"github.com/najahost/naja/component/files"
	"github.com/najahost/naja/variant"
)

// An entry is a File or a Folder: it looks at the disk each time it is asked.
type entry struct {
	of     *fileSystem
	spot   files.Spot
	folder bool
}

// Class is the table of its members.
func (e *entry) Class() *component.Class {
	if e.folder {
		return folderClass
	}
	return fileClass
}

// entry is the object of a spot.
func (f *fileSystem) entry(spot files.Spot, folder bool) variant.Value {
	return component.Of(&entry{f, spot, folder})
}

// shared are the members that File and Folder have in common.
func shared(own ...component.Member) []component.Member {
	return append([]component.Member{
		component.ReadOnly("Path", "text", func(e *entry) variant.Value { return variant.String(e.spot.Path()) }),
		component.Property("Name", "text", func(e *entry) (variant.Value, error) { return variant.String(e.spot.Base()), nil }, (*entry).rename),
		component.Property("Attributes", "number", (*entry).attributes, (*entry).setAttributes),
		date("DateCreated"), date("DateLastAccessed"), date("DateLastModified"), // the system tells the last alone
		component.ReadOnly("ShortName", "text", func(e *entry) variant.Value { return variant.String(e.spot.Base()) }),
		component.ReadOnly("ShortPath", "text", func(e *entry) variant.Value { return variant.String(e.spot.Path()) }),
		component.Property("ParentFolder", "Folder", (*entry).parent, nil),
		component.Property("Size", "number", (*entry).size, nil),
		component.ReadOnly("Type", "text", func(e *entry) variant.Value {
			if e.folder {
				return variant.String("File folder")
			}
			return variant.String(strings.TrimSpace(strings.ToUpper(extensionName(e.spot.Base())) + " File"))
		}),
		component.Property("Drive", "any", func(*entry) (variant.Value, error) { return variant.Empty, errNoDrive }, nil),
		component.Action("Copy", "(destination[, overwrite])", (*entry).copy),
		component.Action("Delete", "([force])", func(e *entry, args component.Args) error {
			force, err := args.Bool(0, false)
			if err != nil {
				return err
			}
			if err := e.there(); err != nil {
				return err
			}
			return remove(e.spot, force, e.folder)
		}),
		component.Action("Move", "(destination)", (*entry).move),
	}, own...)
}

var fileClass = component.Make(component.Class{
	Name:  "File",
	Value: "Path",
	Members: shared(
		component.Method("OpenAsTextStream", "([mode, format])", "TextStream", func(e *entry, args component.Args) (variant.Value, error) {
			mode, err := args.Long(0, forReading)
			if err != nil {
				return variant.Empty, err
			}
			format, err := args.Long(1, formatANSI)
			if err != nil {
				return variant.Empty, err
			}
			return e.of.openText(e.spot.Path(), mode, false, format)
		})),
})

var folderClass = component.Make(component.Class{
	Name:  "Folder",
	Value: "Path",
	Members: shared(
		component.ReadOnly("Files", "Files", func(e *entry) variant.Value { return component.Of(&entries{e, false}) }),
		component.ReadOnly("SubFolders", "Folders", func(e *entry) variant.Value { return component.Of(&entries{e, true}) }),
		component.ReadOnly("IsRootFolder", "boolean", func(e *entry) variant.Value { return variant.Bool(false) }),
		component.Method("CreateTextFile", "(name[, overwrite, unicode])", "TextStream", func(e *entry, args component.Args) (variant.Value, error) {
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
			return e.of.createIn(e.spot.Path()+"/"+name, overwrite, wide)
		})),
})

// there fails when it isn't any more.
func (e *entry) there() error {
	_, err := e.info()
	return err
}

func (e *entry) info() (fs.FileInfo, error) {
	info, err := e.spot.Stat()
	if err != nil || info.IsDir() != e.folder {
		if e.folder {
			return nil, errNoPath
		}
		return nil, errNoFile
	}
	return info, nil
}

func date(name string) component.Member {
	return component.Property(name, "date", func(e *entry) (variant.Value, error) {
		info, err := e.info()
		if err != nil {
			return variant.Empty, err
		}
		return variant.FromTime(info.ModTime().Local())
	}, nil)
}

// The bits of Attributes that mean something here.
const (
	readOnly = 1
	isFolder = 16
	archive  = 32
)

func (e *entry) attributes() (variant.Value, error) {
	info, err := e.info()
	if err != nil {
		return variant.Empty, err
	}
	n := archive
	if e.folder {
		n = isFolder
	}
	if info.Mode().Perm()&0o200 == 0 {
		n |= readOnly
	}
	return variant.Int(int64(n)), nil
}

func (e *entry) setAttributes(v variant.Value) error {
	v, err := component.Plain(v)
	if err != nil {
		return err
	}
	n, err := v.ToLong()
	if err != nil {
		return err
	}
	return failure(e.spot.SetWritable(n&readOnly == 0), e.folder)
}

// rename gives it another name in its folder.
func (e *entry) rename(v variant.Value) error {
	name, err := text(v)
	if err != nil {
		return err
	}
	parent, ok := e.spot.Parent()
	if !ok || name == "" || name == "." || name == ".." || strings.ContainsAny(name, `/\:`) {
		return errCall
	}
	to := parent.Join(name)
	if _, err := to.Stat(); err == nil && name != e.spot.Base() {
		return errThere
	}
	if _, err := e.spot.Rename(to); err != nil {
		return failure(err, e.folder)
	}
	e.spot = to
	return nil
}

func (e *entry) parent() (variant.Value, error) {
	parent, ok := e.spot.Parent()
	if !ok {
		return variant.Nothing, nil
	}
	return e.of.entry(parent, true), nil
}

// size is a file's, or that of all files in a folder.
func (e *entry) size() (variant.Value, error) {
	info, err := e.info()
	if err != nil {
		return variant.Empty, err
	}
	if !e.folder {
		return variant.Int(info.Size()), nil
	}
	total, left := int64(0), maxCopied
	if err := weigh(e.spot, 0, &total, &left); err != nil {
		return variant.Empty, err
	}
	return variant.Int(total), nil
}

func weigh(spot files.Spot, deep int, total *int64, left *int) error {
	list, err := spot.List()
	if err != nil {
		return failure(err, true)
	}
	for _, e := range list {
		if *left--; *left < 0 || deep > maxDeep {
			return errTooOpen
		}
		switch info, err := e.Info(); {
		case err != nil: // it has just gone
		case info.IsDir():
			if err := weigh(spot.Join(e.Name()), deep+1, total, left); err != nil {
				return err
			}
		default:
			*total += info.Size()
		}
	}
	return nil
}

func (e *entry) copy(args component.Args) error {
	all := append(component.Args{variant.String(e.spot.Path())}, args...)
	if e.folder {
		return e.of.copyFolder(all)
	}
	return e.of.copyFile(all)
}

// move takes it along: the object is then that of the new place.
func (e *entry) move(args component.Args) error {
	to, err := args.Text(0)
	if err != nil {
		return err
	}
	target, err := e.of.into(e.spot, to, false)
	if err != nil {
		return err
	}
	copied := (*copying).file
	if e.folder {
		copied = func(c *copying, from, to files.Spot) error { return c.folder(from, to, 0) }
	}
	if err := e.there(); err != nil {
		return err
	}
	if err := e.of.moveTo(e.spot, target, copied, e.folder); err != nil {
		return err
	}
	e.spot = target
	return nil
}

// entries are Folder.Files or Folder.SubFolders: what there is when they are asked.
type entries struct {
	in      *entry
	folders bool
}

// Class is the table of its members.
func (c *entries) Class() *component.Class {
	if c.folders {
		return foldersClass
	}
	return filesClass
}

func (c *entries) list() ([]fs.DirEntry, error) {
	all, err := c.in.spot.List()
	if err != nil {
		return nil, failure(err, true)
	}
	var own []fs.DirEntry
	for _, e := range all {
		if c.folders && e.IsDir() || !c.folders && e.Type().IsRegular() {
			own = append(own, e)
		}
	}
	return own, nil
}

func collection(name, gives string, own ...component.Member) *component.Class {
	return component.Make(component.Class{
		Name: name,
		Members: append([]component.Member{
			component.Indexed("Item", "(name)", gives, (*entries).item, nil),
			counted(component.Property("Count", "number", func(c *entries) (variant.Value, error) {
				all, err := c.list()
				return variant.Int(int64(len(all))), err
			}, nil)),
		}, own...),
		Default: "Item",
		Enum: func(o component.Object) (component.Enum, error) {
			c := o.(*entries)
			all, err := c.list()
			if err != nil {
				return nil, err
			}
			return component.Walk(func(i int) (variant.Value, bool) {
				if i >= len(all) {
					return variant.Empty, false
				}
				return c.in.of.entry(c.in.spot.Join(all[i].Name()), c.folders), true
			}), nil
		},
	})
}

var (
	filesClass   = collection("Files", "File")
	foldersClass = collection("Folders", "Folder", component.Method("Add", "(name)", "Folder", func(c *entries, args component.Args) (variant.Value, error) {
		name, err := args.Text(0)
		if err != nil {
			return variant.Empty, err
		}
		return c.in.of.createFolder(component.Args{variant.String(c.in.spot.Path() + string(os.PathSeparator) + name)})
	}))
)

func (c *entries) item(args component.Args) (variant.Value, error) {
	name, err := args.Text(0)
	if err != nil {
		return variant.Empty, err
	}
	all, err := c.list()
	if err != nil {
		return variant.Empty, err
	}
	for _, e := range all {
		if strings.EqualFold(e.Name(), name) {
			return c.in.of.entry(c.in.spot.Join(e.Name()), c.folders), nil
		}
	}
	if c.folders {
		return variant.Empty, errNoPath
	}
	return variant.Empty, errNoFile
}
