package transport_test

import (
	"errors"
	"testing"
	"testing/synctest"

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

func TestDefaultsOfEveryCarrier(t *testing.T) {
	t.Parallel()
	const limit = 16 << 20
	for _, c := range carriers() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a, b := c.open(t, nil)
				defer b.Abort()
				defer a.Abort()
				frame := make([]byte, limit+1)
				for i := range frame {
					frame[i] = 'x'
				}
				sent := start(func(p *pending) {
					_ = a.Send(t.Context(), frame[:limit])
					_ = a.Send(t.Context(), frame)
				})
				if got, err := b.Receive(t.Context()); len(got) != limit {
					t.Errorf("received %d bytes, %v", len(got), err)
				}
				peer := receive(t.Context(), a)
				var refused *transport.FrameError
				if got, err := b.Receive(t.Context()); !errors.As(err, &refused) || refused.Limit != limit {
					t.Errorf("received %d bytes, %v", len(got), err)
				}
				sent.wait()
				peer.wait()
			})
		})
	}
}
