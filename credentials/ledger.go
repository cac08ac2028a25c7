package credentials

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// Entry is one credential that is not known to be revoked. It has no secret.
type Entry struct {
	Handle string         `json:"handle"`
	JobID  protocol.JobID `json:"job_id"`
	At     time.Time      `json:"at"` // when it was noted
}

// Ledger remembers what is to be revoked (§14). One runtime at a time uses it. Its methods are safe for concurrent use.
type Ledger interface {
	// Add notes entries, all or none. When it returns nil they are kept for ever, or for as long as this ledger lives. An
	// entry that is there already is replaced.
	Add(entries ...Entry) error
	// Done forgets an entry, whose credential is revoked. One that is not there is no error.
	Done(handle string) error
	// Outstanding returns all entries, sorted by handle.
	Outstanding() ([]Entry, error)
}

// Memory is a Ledger that does not survive its process, so it is for tests, and for upstreams whose credentials cannot
// either. The zero value is empty.
type Memory struct {
	mutex   sync.Mutex
	entries map[string]Entry
}

// Add is that of Ledger; it returns nil.
func (m *Memory) Add(entries ...Entry) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	if m.entries == nil {
		m.entries = map[string]Entry{}
	}
	for _, entry := range entries {
		m.entries[entry.Handle] = entry
	}
	return nil
}

// Done is that of Ledger; it returns nil.
func (m *Memory) Done(handle string) error {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	delete(m.entries, handle)
	return nil
}

// Outstanding is that of Ledger; its error is nil.
func (m *Memory) Outstanding() ([]Entry, error) {
	m.mutex.Lock()
	defer m.mutex.Unlock()
	var all []Entry
	for _, entry := range m.entries {
		all = append(all, entry)
	}
	slices.SortFunc(all, func(a, b Entry) int { return strings.Compare(a.Handle, b.Handle) })
	return all, nil
}
