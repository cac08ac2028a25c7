package protocol_test

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

var noon = time.Date(2026, 5, 13, 12, 0, 0, 0, time.UTC)

// entropy gives the byte n for ever.
func entropy(n byte) io.Reader { return bytes.NewReader(bytes.Repeat([]byte{n}, 1000)) }

// newIDs makes an id of each kind.
func newIDs(now time.Time, entropy io.Reader) (ids []string, err error) {
	message, err1 := protocol.NewMessageID(now, entropy)
	session, err2 := protocol.NewSessionID(now, entropy)
	job, err3 := protocol.NewJobID(now, entropy)
	result, err4 := protocol.NewResultID(now, entropy)
	return []string{string(message), string(session), string(job), string(result)}, errors.Join(err1, err2, err3, err4)
}

func TestIDsAreULIDsBehindAPrefix(t *testing.T) {
	t.Parallel()
	ids, err := newIDs(noon, entropy(7))
	if err != nil {
		t.Fatal(err)
	}
	for i, prefix := range []string{"msg_", "sess_", "job_", "res_"} {
		if ulid := regexp.MustCompile(`^` + prefix + `[0-7][0-9A-HJKMNP-TV-Z]{25}$`); !ulid.MatchString(ids[i]) {
			t.Errorf("%s is no ULID behind %s", ids[i], prefix)
		}
	}
	const want = "msg_01KRGKAHG00W3GE1R70W3GE1R7"
	if ids[0] != want {
		t.Errorf("got %s, want %s: the same time and entropy make the same id", ids[0], want)
	}
}

func TestIDsSortByTime(t *testing.T) {
	t.Parallel()
	var made []string
	for i := range 100 {
		// The entropy falls while the time rises.
		id, err := protocol.NewJobID(noon.Add(time.Duration(i*i)*time.Millisecond), entropy(byte(200-i)))
		if err != nil {
			t.Fatal(err)
		}
		made = append(made, string(id))
	}
	if !slices.IsSorted(made) || len(slices.Compact(made)) != 100 {
		t.Errorf("not in order, or one twice: %s", strings.Join(made, " "))
	}
}

func TestIDsOfOneMomentDifferByTheirEntropy(t *testing.T) {
	t.Parallel()
	one, _ := newIDs(noon, entropy(1))
	other, _ := newIDs(noon, entropy(2))
	for i := range one {
		if one[i] == other[i] {
			t.Errorf("%s twice", one[i])
		}
	}
}

func TestIDsThatCannotBeMade(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	if ids, err := newIDs(noon, iotest.ErrReader(broken)); !errors.Is(err, broken) || strings.Join(ids, "") != "" {
		t.Errorf("without entropy: %v, %v", ids, err)
	}
	if ids, err := newIDs(noon, strings.NewReader("too short")); err == nil || strings.Join(ids, "") != "" {
		t.Errorf("with nine bytes of entropy: %v", ids)
	}
	for _, now := range []time.Time{time.UnixMilli(-1), time.UnixMilli(1 << 48)} {
		if ids, err := newIDs(now, entropy(1)); err == nil || strings.Join(ids, "") != "" {
			t.Errorf("at %v: %v", now, ids)
		}
	}
}
