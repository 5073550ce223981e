package admin

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
)

// elements are the names of one of many, by the name of all of them.
func elementOf(list string) string {
	switch list {
	case "applications":
		return "application"
	case "settings":
		return "setting"
	case "running", "waiting":
		return "request"
	case "apartment_list":
		return "apartment"
	case "turns":
		return "turn"
	case "waiters":
		return "waiter"
	case "waiting_seconds":
		return "seconds"
	}
	return "item"
}

// toXML writes v as it is in JSON: an element for each member, in the same
// order and of the same name, and one for each element of a list. So the two
// always say the same. What is null is an empty element, and so is an empty
// list.
func toXML(root string, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	var out bytes.Buffer
	out.WriteString(xml.Header)
	x := &xmlWriter{in: in, out: xml.NewEncoder(&out)}
	x.out.Indent("", "  ")
	if err := x.value(root); err != nil {
		return nil, err
	}
	if err := x.out.Close(); err != nil {
		return nil, err
	}
	return append(out.Bytes(), '\n'), nil
}

type xmlWriter struct {
	in  *json.Decoder
	out *xml.Encoder
}

// value writes the next value as an element.
func (x *xmlWriter) value(name string) error {
	token, err := x.in.Token()
	if err != nil {
		return err
	}
	start := xml.StartElement{Name: xml.Name{Local: name}}
	if !isName(name) { // a map's key may be anything
		start = xml.StartElement{Name: xml.Name{Local: "entry"}, Attr: []xml.Attr{{Name: xml.Name{Local: "name"}, Value: name}}}
	}
	if err := x.out.EncodeToken(start); err != nil {
		return err
	}
	switch token {
	case json.Delim('{'):
		err = x.members()
	case json.Delim('['):
		err = x.list(elementOf(name))
	case nil:
	default:
		err = x.out.EncodeToken(xml.CharData(fmt.Sprint(token)))
	}
	if err != nil {
		return err
	}
	return x.out.EncodeToken(start.End())
}

func (x *xmlWriter) members() error {
	for x.in.More() {
		key, err := x.in.Token()
		if err != nil {
			return err
		}
		if err := x.value(key.(string)); err != nil { // JSON has no other keys
			return err
		}
	}
	_, err := x.in.Token() // the end
	return err
}

func (x *xmlWriter) list(element string) error {
	for x.in.More() {
		if err := x.value(element); err != nil {
			return err
		}
	}
	_, err := x.in.Token()
	return err
}

// isName says that a text can be the name of an element.
func isName(s string) bool {
	for i, r := range s {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '_'
		if !letter && (i == 0 || r != '-' && r != '.' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != ""
}
