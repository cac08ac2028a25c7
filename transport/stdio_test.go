package transport_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/transport"
)

func TestLines(t *testing.T) {
	t.Parallel()
	const limit = 5000 // more than what is read at once
	most := strings.Repeat("x", limit)
	for _, tc := range []struct {
		name, input string
		want        []string
		tooLarge    bool
	}{
		{"none", "", nil, false},
		{"two", "{}\n[]\n", []string{"{}", "[]"}, false},
		{"from another system", "{}\r\n[]\r\n", []string{"{}", "[]"}, false},
		{"empty ones", "\n\r\n{}\n\n\r\n\n[]\n\n", []string{"{}", "[]"}, false},
		{"only empty ones", "\n\n\r\n", nil, false},
		{"the last without an end", "{}\n[]", []string{"{}", "[]"}, false},
		{"one without an end", "{}", []string{"{}"}, false},
		{"a return inside", "{\r}\n", []string{"{\r}"}, false},
		{"two returns at the end", "{}\r\r\n", []string{"{}\r"}, false},
		{"blanks mean something", " \n", []string{" "}, false},
		{"no text", "\x00\xff\n", []string{"\x00\xff"}, false},
		{"of the limit", most + "\n" + most + "\r\n" + most, []string{most, most, most}, false},
		{"over the limit", "{}\n" + most + "x\n{}\n", []string{"{}"}, true},
		{"over the limit, with a return", most + "x\r\n", nil, true},
		{"over the limit at the end", most + "x", nil, true},
		{"far over the limit", strings.Repeat(most, 1000), nil, true},
	} {
		for form, in := range map[string]io.Reader{
			"at once":       strings.NewReader(tc.input),
			"byte by byte":  iotest.OneByteReader(strings.NewReader(tc.input)),
			"end with data": iotest.DataErrReader(strings.NewReader(tc.input)),
		} {
			t.Run(tc.name+"/"+form, func(t *testing.T) {
				t.Parallel()
				var out bytes.Buffer
				conn := transport.Stdio(in, &out, &transport.Options{MaxFrame: limit})
				defer conn.Abort()
				var got []string
				frame, err := conn.Receive(t.Context())
				for ; err == nil; frame, err = conn.Receive(t.Context()) {
					got = append(got, string(frame))
				}
				if !slices.Equal(got, tc.want) {
					t.Errorf("received %.80q, want %.80q", got, tc.want)
				}
				var refused *transport.FrameError
				if errors.As(err, &refused) != tc.tooLarge || !tc.tooLarge && err != io.EOF {
					t.Errorf("it ends with %v", err)
				}
				if err := conn.Close(); err != nil || out.Len() != 0 {
					t.Errorf("Close: %v; written: %q", err, out.String())
				}
			})
		}
	}
}

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

// terminal gives its parts with an end of file after each, as a terminal does.
type terminal struct{ parts []string }

func (r *terminal) Read(p []byte) (int, error) {
	if len(r.parts) == 0 {
		panic("read again after the last end")
	}
	part := r.parts[0]
	r.parts = r.parts[1:]
	return copy(p, part), io.EOF
}

func TestTheEndOfAFileIsTheEnd(t *testing.T) {
	t.Parallel()
	conn := transport.Stdio(&terminal{parts: []string{"first", "second\n"}}, io.Discard, nil)
	defer conn.Abort()
	expect(t, conn, "first")
	expectErr(t, conn, io.EOF)
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
