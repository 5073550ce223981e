package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/najahost/naja/cmd/naja/internal/config"
	"github.com/najahost/naja/internal/cborvalue"
	gorillastore "github.com/najahost/naja/interop/gorilla"
	scsstore "github.com/najahost/naja/interop/scs"
	"github.com/najahost/naja/store"
)

// dump writes everything, a JSON object a line: Application first, then each
// session.
func (k *stateKeeper) dump(ctx context.Context, _ string) error {
	contents, err := k.db.Application().Read(ctx, -1)
	if err != nil {
		return err
	}
	var out object
	out.begin()
	out.text("application", k.path)
	out.key("values")
	out.begin()
	for _, item := range contents.Items {
		if !strings.HasPrefix(item.Key, "\x00") { // naja's own
			k.value(&out, item.Key, item.Raw)
		}
	}
	out.end()
	out.end()
	if err := k.write(out.Bytes(), ""); err != nil {
		return err
	}
	return k.each(ctx, func(info store.Info) error {
		text, err := k.describe(ctx, info)
		if err != nil {
			return err
		}
		return k.write(text, "")
	})
}

// write writes one JSON value, on one line or indented.
func (k *stateKeeper) write(text []byte, indent string) error {
	if indent != "" {
		var nice bytes.Buffer
		if err := json.Indent(&nice, text, "", indent); err != nil {
			return err
		}
		text = nice.Bytes()
	}
	_, err := k.out.stdout.Write(append(text, '\n'))
	return err
}

// describe is a session as JSON. The contents of one that has ended can't be
// read any more.
func (k *stateKeeper) describe(ctx context.Context, info store.Info) ([]byte, error) {
	var out object
	out.begin()
	out.text("session", sessionID(info))
	out.text("created", stamp(info.Created))
	out.text("state", stateOf(info))
	switch got, err := k.store.Load(ctx, info.ID); {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return nil, err
	default:
		c := store.Claimed{ID: info.ID, Data: got.Data}
		if err := errors.Join(scsstore.Read(scsstore.CBOR{}, &c), gorillastore.Read(&c)); err != nil {
			out.text("unreadable", err.Error())
			break
		}
		k.contents(&out, c.Data)
	}
	out.end()
	return out.Bytes(), nil
}

// contents writes what a session's record holds.
func (k *stateKeeper) contents(out *object, data []byte) {
	record, err := cborvalue.ParseRecord(data)
	if err != nil {
		out.text("unreadable", err.Error())
		return
	}
	if meta := record.Meta(); meta.Timeout > 0 {
		out.text("timeout", meta.Timeout.String())
	}
	out.key("values")
	out.begin()
	for i := range record.Len() {
		key, raw := record.At(i)
		k.value(out, key, raw)
	}
	out.end()
}

// value writes one value, or what stands for a secret.
func (k *stateKeeper) value(out *object, key string, raw []byte) {
	out.key(key)
	text := cborvalue.Diagnostic(raw)
	switch {
	case k.secrets:
		out.WriteString(text)
	case config.SecretName(key):
		out.WriteString(masked)
	default:
		out.WriteString(maskInside(text))
	}
}

const masked = `"xxxxx"`

// maskInside masks the members of objects whose names look like secrets. What
// it is given is JSON.
func maskInside(text string) string {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var out object
	if err := maskItem(d, &out); err != nil {
		return masked
	}
	return out.String()
}

func maskItem(d *json.Decoder, out *object) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	open, ok := t.(json.Delim)
	if !ok {
		return out.value(t)
	}
	out.WriteByte(byte(open))
	for n := 0; d.More(); n++ {
		if open == '{' {
			name, err := d.Token()
			if err != nil {
				return err
			}
			text, _ := name.(string)
			out.key(text)
			if config.SecretName(text) {
				out.WriteString(masked)
				if err := d.Decode(new(json.RawMessage)); err != nil {
					return err
				}
				continue
			}
		} else if n > 0 {
			out.WriteByte(',')
		}
		if err := maskItem(d, out); err != nil {
			return err
		}
	}
	shut, err := d.Token()
	if err == nil {
		out.WriteString(shut.(json.Delim).String())
	}
	return err
}

// An object writes JSON with its members in order.
type object struct{ bytes.Buffer }

func (o *object) begin() { o.WriteByte('{') }
func (o *object) end()   { o.WriteByte('}') }

// key begins a member.
func (o *object) key(name string) {
	if b := o.Bytes(); len(b) > 0 && b[len(b)-1] != '{' {
		o.WriteByte(',')
	}
	_ = o.value(name)
	o.WriteByte(':')
}

func (o *object) text(name, text string) {
	o.key(name)
	_ = o.value(text)
}

// value writes a text, number, bool or nothing.
func (o *object) value(v any) error {
	b, err := json.Marshal(v)
	o.Write(b)
	return err
}
