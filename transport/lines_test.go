package transport_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

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

// counting says how much was read of a line that has no end.
type counting struct{ read int }

func (c *counting) Read(p []byte) (int, error) {
	c.read += len(p)
	if c.read > 10<<20 {
		return 0, io.EOF // or the test itself would have no end
	}
	for i := range p {
		p[i] = 'x'
	}
	return len(p), nil
}

func TestALineWithoutAnEndIsNotReadForEver(t *testing.T) {
	t.Parallel()
	in := &counting{}
	conn := transport.Stdio(in, io.Discard, &transport.Options{MaxFrame: 100})
	defer conn.Abort()
	_, err := conn.Receive(t.Context())
	var refused *transport.FrameError
	if !errors.As(err, &refused) || in.read > 64<<10 {
		t.Errorf("received %v, after %d bytes", err, in.read)
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
