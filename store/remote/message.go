package remote

import (
	"time"

	"github.com/najahost/naja/internal/packet"
	"github.com/najahost/naja/store"
)

// A message is a call or an answer that is being read. Bytes that it gives
// share its memory, which is nobody else's.
type message struct{ packet.Cursor[[]byte] }

func read(payload []byte) *message { return &message{packet.Read(payload)} }

func (c *message) text() string            { return string(c.Text()) }
func (c *message) duration() time.Duration { return time.Duration(c.Int()) }

// time reads a time, without its clock's monotonic part.
func (c *message) time() time.Time {
	if !c.Bool() {
		return time.Time{}
	}
	return time.Unix(c.Int(), c.Int())
}

// bytes reads bytes that may be nil.
func (c *message) bytes() []byte {
	if !c.Bool() {
		return nil
	}
	b := c.Text()
	return b[:len(b):len(b)]
}

func appendDuration(b []byte, d time.Duration) []byte { return packet.AppendInt(b, int64(d)) }

func appendTime(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return packet.AppendBool(b, false)
	}
	b = packet.AppendInt(packet.AppendBool(b, true), t.Unix())
	return packet.AppendInt(b, int64(t.Nanosecond()))
}

func appendBytes(b, v []byte) []byte {
	b = packet.AppendBool(b, v != nil)
	if v == nil {
		return b
	}
	return packet.AppendText(b, v)
}

func appendCommit(b []byte, c store.Commit) []byte {
	b = appendBytes(b, c.Data)
	b = appendDuration(appendDuration(b, c.Timeout), c.Lease)
	b = appendDuration(packet.AppendText(b, c.NewID), c.Grace)
	return packet.AppendText(b, string(c.End))
}

func (c *message) commit() store.Commit {
	return store.Commit{
		Data: c.bytes(), Timeout: c.duration(), Lease: c.duration(),
		NewID: c.text(), Grace: c.duration(), End: store.Reason(c.text()),
	}
}

func appendStored(b []byte, s store.Stored) []byte {
	b = appendDuration(packet.AppendText(b, s.ID), s.Grace)
	b = packet.AppendInt(packet.AppendInt(b, s.Token), s.Serial)
	return appendTime(appendBytes(b, s.Data), s.Created)
}

func (c *message) stored() store.Stored {
	return store.Stored{
		ID: c.text(), Grace: c.duration(),
		Token: c.Int(), Serial: c.Int(), Data: c.bytes(), Created: c.time(),
	}
}

func appendClaimed(b []byte, s store.Claimed) []byte {
	b = packet.AppendInt(packet.AppendInt(packet.AppendText(b, s.ID), s.Token), s.Serial)
	b = appendTime(appendBytes(b, s.Data), s.Created)
	return packet.AppendInt(packet.AppendText(b, string(s.Reason)), int64(s.Attempt))
}

func (c *message) claimed() store.Claimed {
	return store.Claimed{
		ID: c.text(), Token: c.Int(), Serial: c.Int(), Data: c.bytes(), Created: c.time(),
		Reason: store.Reason(c.text()), Attempt: int(c.Int()),
	}
}

func appendInfo(b []byte, i store.Info) []byte {
	b = packet.AppendInt(packet.AppendText(b, i.ID), i.Serial)
	b = appendDuration(appendTime(appendTime(b, i.Created), i.Expires), i.Lease)
	return packet.AppendInt(packet.AppendText(b, string(i.Ending)), int64(i.Size))
}

func (c *message) info() store.Info {
	return store.Info{
		ID: c.text(), Serial: c.Int(), Created: c.time(), Expires: c.time(), Lease: c.duration(),
		Ending: store.Reason(c.text()), Size: int(c.Int()),
	}
}

func appendItem(b []byte, it store.Item) []byte {
	return appendBytes(packet.AppendText(packet.AppendText(b, it.ID), it.Key), it.Raw)
}

func (c *message) item() store.Item {
	return store.Item{ID: c.text(), Key: c.text(), Raw: c.bytes()}
}

func appendChanges(b []byte, ch store.Changes) []byte {
	return appendList(packet.AppendBool(b, ch.Clear), ch.Items, appendItem)
}

func (c *message) changes() store.Changes {
	return store.Changes{Clear: c.Bool(), Items: list(c, c.item)}
}

func appendList[T any](b []byte, all []T, one func([]byte, T) []byte) []byte {
	b = packet.AppendNumber(b, uint64(len(all)))
	for _, v := range all {
		b = one(b, v)
	}
	return b
}

// list reads a list; it makes no room for more than what is there.
func list[T any](c *message, one func() T) (all []T) {
	for n := c.Count(); n > 0 && !c.Bad(); n-- {
		all = append(all, one())
	}
	return all
}
