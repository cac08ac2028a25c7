package transport_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/arcp-conformance/arcp/transport"
)

func TestAPipeHoldsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a, b := transport.Pipe()
		sent := start(func(p *pending) { p.err = a.Send(t.Context(), []byte("{}")) })
		if sent.over() {
			t.Errorf("Send did not wait: %v", sent.err)
		}
		expect(t, b, "{}")
		if sent.wait(); sent.err != nil {
			t.Error(sent.err)
		}
	})
}

func TestAPipeHasTheLimitOfEveryCarrier(t *testing.T) {
	t.Parallel()
	a, b := transport.Pipe()
	frame := make([]byte, 16<<20+1)
	sent := start(func(p *pending) {
		p.err = errors.Join(a.Send(t.Context(), frame[1:]), a.Send(t.Context(), frame))
	})
	if got, err := b.Receive(t.Context()); len(got) != 16<<20 {
		t.Errorf("received %d bytes, %v", len(got), err)
	}
	var refused *transport.FrameError
	if got, err := b.Receive(t.Context()); !errors.As(err, &refused) || refused.Limit != 16<<20 {
		t.Errorf("received %d bytes, %v", len(got), err)
	}
	if sent.wait(); sent.err != nil {
		t.Error(sent.err)
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	defaults := transport.Options{MaxFrame: 16 << 20, CloseTimeout: 5 * time.Second}
	set := transport.Options{MaxFrame: 1, CloseTimeout: 1, AllowedOrigins: []string{"*"}}
	for _, tc := range []struct {
		name string
		o    *transport.Options
		want transport.Options
	}{
		{"nil", nil, defaults},
		{"zero", &transport.Options{}, defaults},
		{"below zero", &transport.Options{MaxFrame: -1, CloseTimeout: -1}, defaults},
		{"set", &set, set},
	} {
		if got := transport.Defaults(tc.o); !cmp.Equal(got, tc.want) {
			t.Errorf("%s: %+v, want %+v", tc.name, got, tc.want)
		}
	}
}
