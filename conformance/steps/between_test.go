package steps_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/coder/websocket"

	"github.com/arcp-conformance/arcp/conformance/embedded"
	"github.com/arcp-conformance/arcp/conformance/internal/fakepeer"
	"github.com/arcp-conformance/arcp/conformance/target"
)

// The tests here put a faulty go-between in front of the runtime of this module: the suite must name the fault.

var tokens = target.Tokens{First: "first-principal-token", Second: "second-principal-token"}

// frame is one message; numbers keep their digits.
type frame = map[string]any

// fault is what a go-between does to the messages of all connections; what it leaves nil passes unchanged.
type fault struct {
	down func(l *link, m frame) []frame               // of the runtime: what reaches the suite in its place
	up   func(l *link, m frame) (there, back []frame) // of the suite: what reaches the runtime, and what the suite at once
	deaf func(data []byte) bool                       // frames of the suite that are thrown away unread
	gone func(l *link)                                // is called when a client has left
	text func(data []byte) []byte                     // the last word on each frame of the runtime
	stay bool                                         // the connection outlives the runtime's end of it
}

// link is one connection through the go-between.
type link struct {
	lock    sync.Mutex     // is held while a function of the fault runs
	seq     int            // for faults that number anew
	kept    []frame        // for faults that hold messages back
	notes   map[string]any // for everything else
	runtime func(m frame)  // sends to the runtime, out of turn
	suite   func(m frame)  // sends to the suite, out of turn
}

// between serves f in front of the runtime at url.
func between(url string, f fault) fakepeer.Handler {
	return func(ctx context.Context, ws fakepeer.Wire) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		peer, _, err := websocket.Dial(ctx, url, nil)
		if err != nil {
			return
		}
		defer func() { _ = peer.CloseNow() }()
		peer.SetReadLimit(64 << 20)
		l := &link{notes: map[string]any{}}
		l.runtime = func(m frame) { _ = peer.Write(ctx, websocket.MessageText, write(m)) }
		l.suite = func(m frame) { _ = ws.Write(ctx, websocket.MessageText, write(m)) }
		go f.backward(ctx, cancel, l, peer, ws)
		for {
			_, data, err := ws.Read(ctx)
			if err != nil {
				if f.gone != nil {
					l.lock.Lock()
					f.gone(l)
					l.lock.Unlock()
				}
				return
			}
			if f.deaf != nil && f.deaf(data) {
				continue
			}
			m := read(data)
			if f.up == nil || m == nil {
				_ = peer.Write(ctx, websocket.MessageText, data)
				continue
			}
			l.lock.Lock()
			there, back := f.up(l, m)
			l.lock.Unlock()
			for _, m := range there {
				l.runtime(m)
			}
			for _, m := range back {
				_ = ws.Write(ctx, websocket.MessageText, write(m))
			}
		}
	}
}

// backward carries the runtime's messages to the suite.
func (f fault) backward(ctx context.Context, cancel func(), l *link, peer *websocket.Conn, ws fakepeer.Wire) {
	for {
		_, data, err := peer.Read(ctx)
		if err != nil {
			if !f.stay {
				cancel()
			}
			return
		}
		out := [][]byte{data}
		if m := read(data); f.down != nil && m != nil {
			out = nil
			l.lock.Lock()
			for _, m := range f.down(l, m) {
				out = append(out, write(m))
			}
			l.lock.Unlock()
		}
		for _, data := range out {
			if f.text != nil {
				data = f.text(data)
			}
			_ = ws.Write(ctx, websocket.MessageText, data)
		}
	}
}

func read(data []byte) frame {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var m frame
	if dec.Decode(&m) != nil {
		return nil
	}
	return m
}

func write(m frame) []byte {
	data, err := json.Marshal(m)
	if err != nil {
		panic(err)
	}
	return data
}

// embeddedRuntime starts the runtime of this module for the length of a test.
func embeddedRuntime(t *testing.T) (url string) {
	t.Helper()
	url, stop, err := embedded.Starter(t.Context(), &target.Spec{Tokens: tokens})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stop() })
	return url
}

// in is the object at this path of m, made if it is not there.
func in(m frame, path ...string) frame {
	for _, name := range path {
		next, ok := m[name].(frame)
		if !ok {
			next = frame{}
			m[name] = next
		}
		m = next
	}
	return m
}

// refusal is a session.error of the go-between's own.
func refusal(m frame, code string) frame {
	return frame{
		"arcp": "1.1", "id": fmt.Sprintf("msg_between_%v", m["id"]), "type": "session.error",
		"session_id": m["session_id"], "request_id": m["id"],
		"payload": frame{"code": code, "message": "refused", "retryable": false},
	}
}
