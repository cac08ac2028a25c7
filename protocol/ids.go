package protocol

import (
	"fmt"
	"io"
	"time"

	"github.com/oklog/ulid/v2"
)

// The prefixes of the identifiers that this package makes, as the draft's examples
// have them. Only the message's is this package's own: §5 shows bare ids.
const (
	messagePrefix = "msg_"
	sessionPrefix = "sess_"
	jobPrefix     = "job_"
	resultPrefix  = "res_"
)

// NewMessageID makes an identifier from the time and ten bytes of the entropy. The error
// is that of the entropy, or says that the time is none of the years 1970 to 10889.
func NewMessageID(now time.Time, entropy io.Reader) (MessageID, error) {
	return newID[MessageID](messagePrefix, now, entropy)
}

// NewSessionID is as NewMessageID.
func NewSessionID(now time.Time, entropy io.Reader) (SessionID, error) {
	return newID[SessionID](sessionPrefix, now, entropy)
}

// NewJobID is as NewMessageID. §6.6: ids must not help to find others' jobs, so the
// entropy should be one that cannot be foretold.
func NewJobID(now time.Time, entropy io.Reader) (JobID, error) {
	return newID[JobID](jobPrefix, now, entropy)
}

// NewResultID is as NewMessageID.
func NewResultID(now time.Time, entropy io.Reader) (ResultID, error) {
	return newID[ResultID](resultPrefix, now, entropy)
}

func newID[T ~string](prefix string, now time.Time, entropy io.Reader) (T, error) {
	id, err := ulid.New(uint64(now.UnixMilli()), entropy)
	if err != nil {
		return "", fmt.Errorf("protocol: make an identifier: %w", err)
	}
	return T(prefix + id.String()), nil
}
