package credentials

import (
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// batch is what one call of the provisioner has minted, or may have.
type batch struct {
	issuer  *Issuer
	job     protocol.JobID
	mutex   sync.Mutex // a provisioner may reserve from goroutines of its own
	handles []string   // in the ledger
}

// begin gives the request its Reserve.
func (i *Issuer) begin(request *Request) *batch {
	b := &batch{issuer: i, job: request.JobID}
	request.Reserve = func(handle string) error { return b.reserve(handle) }
	return b
}

// reserve notes handles in the ledger, at once. What the ledger does not take is the batch's all the same, and will be revoked.
func (b *batch) reserve(handles ...string) error {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	var failed error
	var entries []Entry
	for _, handle := range handles {
		if handle == "" {
			failed = errors.New("credentials: an empty handle")
			continue
		}
		if slices.Contains(b.handles, handle) {
			continue
		}
		if owner, taken := b.issuer.jobs.LoadOrStore(handle, b.job); taken && owner != b.job {
			failed = errTaken
			continue
		}
		b.handles = append(b.handles, handle)
		entries = append(entries, Entry{Handle: handle, JobID: b.job, At: time.Now().UTC()})
	}
	if len(entries) == 0 {
		return failed
	}
	return errors.Join(failed, b.issuer.config.Ledger.Add(entries...))
}

// errTaken says that another job has that credential, which goes on with it.
var errTaken = errors.New("credentials: the provisioner has issued a handle twice")

// name gives each credential its handle.
func (b *batch) name(issued []Issued) {
	for n := range issued {
		if issued[n].Handle == "" {
			issued[n].Handle = issued[n].Credential.ID
		}
	}
}

// note has all handles in the ledger before anybody sees a value.
func (b *batch) note(issued []Issued) error {
	handles := make([]string, len(issued))
	for n, one := range issued {
		handles[n] = one.Handle
	}
	return b.reserve(handles...)
}

// drop revokes what was reserved and is not among the issued.
func (b *batch) drop(issued []Issued) {
	for _, handle := range b.handles {
		if !slices.ContainsFunc(issued, func(one Issued) bool { return one.Handle == handle }) {
			b.issuer.Revoke(handle)
		}
	}
}

// accept holds what was minted for one job against §9.8.
func (i *Issuer) accept(issued []Issued) error {
	ids, handles := map[string]bool{}, map[string]bool{}
	for _, one := range issued {
		c := one.Credential
		at, err := url.Parse(c.Endpoint)
		switch {
		case c.ID == "" || ids[c.ID]:
			return errors.New("credentials: a credential's id is empty, or not its own")
		case handles[one.Handle]:
			return errors.New("credentials: two credentials have one handle")
		case c.Scheme == "":
			return errors.New("credentials: a credential has no scheme")
		case err != nil || at.Scheme == "" || at.Host == "":
			return errors.New("credentials: a credential's endpoint is no base URL")
		case c.Constraints != nil && !isObject(c.Constraints):
			return errors.New("credentials: a credential's constraints are no JSON object")
		}
		ids[c.ID], handles[one.Handle] = true, true
		if err := i.fresh(c.Value); err != nil {
			return err
		}
	}
	return nil
}

func isObject(raw []byte) bool {
	return strings.HasPrefix(strings.TrimSpace(string(raw)), "{") && protocol.CheckValue(raw) == nil
}

// fresh refuses a value that is unfit, or was issued before. §9.8 (choice): eight characters at least, printable ASCII without
// quotes and backslashes. All tokens and signed URLs are that, and what is can be found and taken out of any text.
func (i *Issuer) fresh(value string) error {
	if len(value) < 8 || strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' || r == '"' || r == '\\' }) {
		return errors.New("credentials: a credential's value is too short, or not printable")
	}
	if !i.seen.add(value) {
		return errors.New("credentials: the provisioner has issued a value twice") // §9.8.2
	}
	return nil
}

// without leaves the values out of what an error says.
func without(err error, issued []Issued) error {
	values := make([]string, len(issued))
	for i, one := range issued {
		values[i] = one.Credential.Value
	}
	text := protocol.Redact(err.Error(), values)
	if text != err.Error() {
		return errors.New(text)
	}
	return err
}

// maxSeen is how many values are remembered: the newest. A digest takes about 100 bytes in all.
const maxSeen = 1 << 17

// seen knows the values of this process by a digest with a secret of its own, so that it has no value.
type seen struct {
	mutex   sync.Mutex
	key     [32]byte
	digests map[[32]byte]bool
	order   [][32]byte // a ring
	next    int
}

func newSeen() *seen {
	s := &seen{digests: map[[32]byte]bool{}}
	_, _ = rand.Read(s.key[:]) // it never fails
	return s
}

// add says whether the value is new.
func (s *seen) add(value string) bool {
	digest := sha256.Sum256(fmt.Appendf(nil, "%s%s", s.key[:], value))
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.digests[digest] {
		return false
	}
	s.digests[digest] = true
	if len(s.order) < maxSeen {
		s.order = append(s.order, digest)
		return true
	}
	delete(s.digests, s.order[s.next])
	s.order[s.next] = digest
	s.next = (s.next + 1) % maxSeen
	return true
}
