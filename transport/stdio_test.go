package transport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/transport"
)

// Register: R4-2.
func TestWhatIsWritten(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	conn := transport.Stdio(strings.NewReader(""), &out, nil)
	for _, tc := range []struct {
		name, frame string
		ok          bool
	}{
		{"an envelope", `{"a":"\n\u000a<>&€"}`, true},
		{"a line end inside", "{\n}", false},
		{"a line end behind", "{}\n", false},
		{"a return", "{\r}", false},
		{"nothing", "", false},
		{"after a refusal", "{}", true},
	} {
		err := conn.Send(t.Context(), []byte(tc.frame))
		var refused *transport.FrameError
		if tc.ok != (err == nil) || !tc.ok && (!errors.As(err, &refused) || refused.Fault != transport.FrameNotALine) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
	if want := `{"a":"\n\u000a<>&€"}` + "\n{}\n"; out.String() != want {
		t.Errorf("written: %q, want %q", out.String(), want)
	}
}

// `echo '{...}' | arcp serve --stdio` ends its input before it has read an answer.
func TestAHalfClosedStdioStillSends(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		back, out := io.Pipe()
		conn := transport.Stdio(strings.NewReader("{}\n"), out, nil)
		expect(t, conn, "{}")
		expectErr(t, conn, io.EOF)
		all := start(func(p *pending) { p.frame, p.err = io.ReadAll(back) })
		send(t, conn, "an answer")
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
		if all.wait(); string(all.frame) != "an answer\n" || all.err != nil {
			t.Errorf("the peer read %q, %v", all.frame, all.err)
		}
	})
}

func TestStdioThatFails(t *testing.T) {
	t.Parallel()
	fault := errors.New("the cable is cut")
	in := io.MultiReader(strings.NewReader("{}\n{\"half"), iotest.ErrReader(fault))
	back, out := io.Pipe()
	_ = back.CloseWithError(fault)
	conn := transport.Stdio(in, out, nil)
	expect(t, conn, "{}")
	if err := conn.Send(t.Context(), []byte("{}")); !errors.Is(err, fault) {
		t.Errorf("Send: %v", err)
	}
	expectErr(t, conn, fault) // and never half a frame
	if err := conn.Close(); err != nil {
		t.Error(err)
	}
}

// stubborn is a file on which Read, Write and Close wait until it is let go, whatever happens.
type stubborn chan struct{}

func (s stubborn) Read([]byte) (int, error)    { <-s; return 0, io.EOF }
func (s stubborn) Write(p []byte) (int, error) { <-s; return len(p), nil }
func (s stubborn) Close() error                { <-s; return nil }

func TestFilesThatCannotBeInterrupted(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		run  func(t *testing.T, conn transport.Conn) (took time.Duration)
		want time.Duration
	}{
		{"Close while Read waits", func(t *testing.T, conn transport.Conn) time.Duration {
			received := receive(t.Context(), conn)
			took := stopwatch(func() { _ = conn.Close() })
			if received.wait(); received.err != transport.ErrClosed {
				t.Errorf("Receive: %v", received.err)
			}
			return took
		}, closeTimeout},
		{"Close while Write waits", func(t *testing.T, conn transport.Conn) time.Duration {
			sent := start(func(p *pending) { p.err = conn.Send(t.Context(), []byte("{}")) })
			synctest.Wait()
			took := stopwatch(func() {
				if conn.Close() == nil {
					t.Error("Close does not say that the peer held it up")
				}
			})
			if sent.wait(); sent.err != transport.ErrClosed {
				t.Errorf("Send: %v", sent.err)
			}
			return took
		}, closeTimeout},
		{"Abort while both wait", func(t *testing.T, conn transport.Conn) time.Duration {
			received := receive(t.Context(), conn)
			sent := start(func(p *pending) { p.err = conn.Send(t.Context(), []byte("{}")) })
			synctest.Wait()
			return stopwatch(func() {
				conn.Abort()
				if received.wait(); received.err != transport.ErrClosed {
					t.Errorf("Receive: %v", received.err)
				}
				if sent.wait(); sent.err != transport.ErrClosed {
					t.Errorf("Send: %v", sent.err)
				}
			})
		}, 0},
		{"a context that ends while Write waits", func(t *testing.T, conn transport.Conn) time.Duration {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			return stopwatch(func() {
				if err := conn.Send(ctx, []byte("{}")); err != context.DeadlineExceeded {
					t.Errorf("Send: %v", err)
				}
			})
		}, time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				file := make(stubborn)
				conn := transport.Stdio(file, file, &transport.Options{CloseTimeout: closeTimeout})
				if took := tc.run(t, conn); took != tc.want {
					t.Errorf("it took %v, want %v", took, tc.want)
				}
				conn.Abort()
				close(file)
			})
		})
	}
}

// Files that cannot be closed either are left to themselves.
func TestAbortEndsACloseThatWaitsForAWrite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		file := make(stubborn)
		conn := transport.Stdio(struct{ io.Reader }{file}, struct{ io.Writer }{file}, nil)
		sent := start(func(p *pending) { p.err = conn.Send(t.Context(), []byte("{}")) })
		synctest.Wait()
		closed := closing(conn)
		if closed.over() {
			t.Errorf("Close does not wait: %v", closed.err)
		}
		took := stopwatch(func() {
			conn.Abort()
			closed.wait()
			sent.wait()
		})
		if took != 0 || sent.err != transport.ErrClosed {
			t.Errorf("it took %v; Send: %v", took, sent.err)
		}
		close(file)
	})
}

func stopwatch(run func()) time.Duration {
	begun := time.Now()
	run()
	return time.Since(begun)
}

func TestStdioOverPipesOfTheSystem(t *testing.T) {
	t.Parallel()
	a, b := openSystemPipes(t)
	go func() {
		for {
			frame, err := b.Receive(context.Background())
			if err != nil || b.Send(context.Background(), frame) != nil {
				_ = b.Close()
				return
			}
		}
	}()
	for _, frame := range []string{"{}", strings.Repeat("€", 100_000)} {
		send(t, a, frame)
		expect(t, a, frame)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	expectErr(t, a, transport.ErrClosed)
}

func openSystemPipes(t testing.TB) (a, b transport.Conn) {
	t.Helper()
	in, there, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	back, out, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	a, b = transport.Stdio(back, there, nil), transport.Stdio(in, out, nil)
	t.Cleanup(a.Abort)
	t.Cleanup(b.Abort)
	return a, b
}
