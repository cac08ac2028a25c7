package world

import (
	"bytes"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/oklog/ulid/v2"
)

func newULID() string { return ulid.Make().String() }

// newMessageID is fresh for each message (§5); a ULID behind a prefix is what the strictest public peer takes.
func (w *World) newMessageID() string {
	switch w.cfg.IDFormat {
	case "ulid":
		return newULID()
	case "uuid7":
		return newUUID7(w.cfg.Now())
	}
	return "msg_" + newULID()
}

// newTraceID is 32 lower-case hexadecimal digits, as the draft's examples show, or a whole traceparent (§11).
func (w *World) newTraceID() string {
	switch w.cfg.TraceFormat {
	case "none":
		return ""
	case "traceparent":
		return "00-" + randomHex(16) + "-" + randomHex(8) + "-01"
	}
	return randomHex(16)
}

func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // it never fails
	return hex.EncodeToString(b)
}

// newUUID7 is a UUID of version 7 (RFC 9562): 48 bits of time and 74 of chance.
func newUUID7(now time.Time) string {
	var b [16]byte
	_, _ = rand.Read(b[:])
	ms := uint64(now.UnixMilli())
	for i := range 6 {
		b[i] = byte(ms >> (40 - 8*i))
	}
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// marshal writes v without escaping <, > and &, so that sizes are what they look like.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
