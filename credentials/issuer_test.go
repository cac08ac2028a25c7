package credentials_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/protocol"
)

// scripted is a provisioner that issues what it is told.
type scripted struct {
	issue  func(credentials.Request) ([]credentials.Issued, error)
	rotate func(credentials.Rotation) (credentials.Issued, error)

	mutex   sync.Mutex
	revoked []string
	refuses func(handle string, before int) error // before: how often this handle was tried
	tried   map[string]int
}

func (s *scripted) Issue(_ context.Context, r credentials.Request) ([]credentials.Issued, error) {
	return s.issue(r)
}

func (s *scripted) Rotate(_ context.Context, r credentials.Rotation) (credentials.Issued, error) {
	return s.rotate(r)
}

func (s *scripted) Revoke(_ context.Context, handle string) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.tried == nil {
		s.tried = map[string]int{}
	}
	s.tried[handle]++
	if s.refuses != nil {
		if err := s.refuses(handle, s.tried[handle]-1); err != nil {
			return err
		}
	}
	s.revoked = append(s.revoked, handle)
	return nil
}

func (s *scripted) done() []string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	return slices.Sorted(slices.Values(s.revoked))
}

// key is a credential in order.
func key(handle, value string) credentials.Issued {
	return credentials.Issued{Handle: handle, Credential: protocol.Credential{
		ID: "cred_1", Scheme: "bearer", Value: value, Endpoint: "https://gateway.example/v1",
	}}
}

func newIssuer(t *testing.T, config credentials.Config) *credentials.Issuer {
	t.Helper()
	if config.Ledger == nil {
		config.Ledger = &credentials.Memory{}
	}
	issuer, err := credentials.New(&config)
	if err != nil {
		t.Fatal(err)
	}
	return issuer
}

func handles(t *testing.T, ledger credentials.Ledger) []string {
	t.Helper()
	entries, err := ledger.Outstanding()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		all = append(all, entry.Handle)
	}
	return all
}

func TestNewNeedsALedger(t *testing.T) {
	t.Parallel()
	for _, config := range []*credentials.Config{nil, {}, {Provisioner: &scripted{}}, {Ledger: &credentials.Memory{}}} {
		if _, err := credentials.New(config); err == nil { // §14: no revocation, no provisioning
			t.Errorf("%+v was taken", config)
		}
	}
}

// TestClause_9_8_2_WhatIsIssuedIsOutstanding until the upstream has revoked it.
func TestClause_9_8_2_WhatIsIssuedIsOutstanding(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger := &credentials.Memory{}
		provisioner := &scripted{
			issue: func(r credentials.Request) ([]credentials.Issued, error) {
				if err := r.Reserve("reserved"); err != nil {
					return nil, err
				}
				if got := handles(t, ledger); !slices.Equal(got, []string{"reserved"}) {
					t.Errorf("before it is minted: %v", got)
				}
				return []credentials.Issued{key("", "value-one")}, nil
			},
			refuses: func(handle string, _ int) error {
				if !slices.Contains(handles(t, ledger), handle) {
					t.Errorf("%s is revoked and not in the ledger", handle)
				}
				return nil
			},
		}
		issuer := newIssuer(t, credentials.Config{Provisioner: provisioner, Ledger: ledger})
		issued, err := issuer.Issue(t.Context(), credentials.Request{JobID: "job_1"})
		if err != nil || len(issued) != 1 || issued[0].Handle != "cred_1" {
			t.Fatalf("got %v, %v", issued, err)
		}
		synctest.Wait()
		if got := handles(t, ledger); !slices.Equal(got, []string{"cred_1"}) {
			t.Errorf("issued, outstanding are %v", got)
		}
		issuer.Revoke("cred_1")
		if err := issuer.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if got := provisioner.done(); !slices.Equal(got, []string{"cred_1", "reserved"}) {
			t.Errorf("revoked are %v", got)
		}
	})
}

// TestIssueRefuses has what a provisioner may do wrong. Nothing of it is issued, and all of it is revoked.
func TestIssueRefuses(t *testing.T) {
	t.Parallel()
	with := func(change func(*credentials.Issued)) []credentials.Issued {
		one := key("h1", "value-one")
		change(&one)
		return []credentials.Issued{one}
	}
	for _, test := range []struct {
		name   string
		issued []credentials.Issued
		err    error
		panics bool
	}{
		{name: "an error", issued: []credentials.Issued{key("h1", "value-one")}, err: errors.New("half of value-one failed")},
		{name: "a panic", panics: true},
		{name: "no id", issued: with(func(i *credentials.Issued) { i.Credential.ID = "" })},
		{name: "no scheme", issued: with(func(i *credentials.Issued) { i.Credential.Scheme = "" })},
		{name: "no value", issued: with(func(i *credentials.Issued) { i.Credential.Value = "" })},
		{name: "a short value", issued: with(func(i *credentials.Issued) { i.Credential.Value = "1234567" })},
		{name: "a value with a quote", issued: with(func(i *credentials.Issued) { i.Credential.Value = `value-"one"` })},
		{name: "no endpoint", issued: with(func(i *credentials.Issued) { i.Credential.Endpoint = "" })},
		{name: "a relative endpoint", issued: with(func(i *credentials.Issued) { i.Credential.Endpoint = "/v1" })},
		{name: "constraints", issued: with(func(i *credentials.Issued) { i.Credential.Constraints = []byte(`[1]`) })},
		{name: "an id twice", issued: []credentials.Issued{key("h1", "value-one"), key("h2", "value-two")}},
		{name: "a handle twice", issued: []credentials.Issued{key("h1", "value-one"), key("h1", "value-two")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			provisioner := &scripted{issue: func(r credentials.Request) ([]credentials.Issued, error) {
				if err := r.Reserve("reserved"); err != nil || r.Reserve("") == nil {
					t.Errorf("reserve: %v", err)
				}
				if test.panics {
					panic("at the disco")
				}
				return test.issued, test.err
			}}
			ledger := &credentials.Memory{}
			issuer := newIssuer(t, credentials.Config{Provisioner: provisioner, Ledger: ledger})
			issued, err := issuer.Issue(t.Context(), credentials.Request{JobID: "job_1"})
			if err == nil || issued != nil || strings.Contains(err.Error(), "value-one") {
				t.Errorf("got %v, %v", issued, err)
			}
			if err := issuer.Close(t.Context()); err != nil {
				t.Error(err)
			}
			want := []string{"reserved"}
			for _, one := range test.issued {
				if !slices.Contains(want, cmpOr(one)) {
					want = append(want, cmpOr(one))
				}
			}
			slices.Sort(want)
			if got := provisioner.done(); !slices.Equal(got, want) {
				t.Errorf("revoked are %v, want %v", got, want)
			}
		})
	}
}

func cmpOr(one credentials.Issued) string {
	if one.Handle == "" {
		return one.Credential.ID
	}
	return one.Handle
}

// TestClause_9_8_2_NoValueTwice: not in one job, and not in two; nor does the second job cost the first its credential.
func TestClause_9_8_2_NoValueTwice(t *testing.T) {
	t.Parallel()
	var next []credentials.Issued
	provisioner := &scripted{issue: func(credentials.Request) ([]credentials.Issued, error) { return next, nil }}
	ledger := &credentials.Memory{}
	issuer := newIssuer(t, credentials.Config{Provisioner: provisioner, Ledger: ledger})
	next = []credentials.Issued{key("h1", "value-one")}
	if _, err := issuer.Issue(t.Context(), credentials.Request{JobID: "job_1"}); err != nil {
		t.Fatal(err)
	}
	for _, again := range []credentials.Issued{key("h2", "value-one"), key("h1", "value-one"), key("h1", "value-two")} {
		next = []credentials.Issued{again}
		if issued, err := issuer.Issue(t.Context(), credentials.Request{JobID: "job_2"}); err == nil {
			t.Errorf("%s was issued to a second job: %v", again.Handle, issued)
		}
	}
	_ = issuer.Close(t.Context())
	if got := provisioner.done(); !slices.Equal(got, []string{"h2"}) {
		t.Errorf("revoked are %v", got)
	}
	if got := handles(t, ledger); !slices.Equal(got, []string{"h1"}) {
		t.Errorf("outstanding are %v", got)
	}
}

func TestRotate(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		fresh       credentials.Issued
		err         error
		fails       bool
		outstanding []string // besides what the job has
		revoked     []string
	}{
		{name: "a new handle", fresh: key("h2", "value-two"), outstanding: []string{"h1", "h2"}},
		{name: "in place", fresh: key("", "value-two"), outstanding: []string{"h1"}},
		{name: "refused", err: errors.New("no"), fails: true, outstanding: []string{"h1"}},
		{name: "half done", fresh: key("h2", "value-two"), err: errors.New("no"), fails: true, outstanding: []string{"h1"}, revoked: []string{"h2"}},
		{name: "the same value", fresh: key("h2", "value-one"), fails: true, outstanding: []string{"h1"}, revoked: []string{"h2"}},
		{name: "no value in place", fresh: key("h1", ""), fails: true, outstanding: []string{"h1"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			provisioner := &scripted{
				issue: func(credentials.Request) ([]credentials.Issued, error) {
					return []credentials.Issued{key("h1", "value-one")}, nil
				},
				rotate: func(r credentials.Rotation) (credentials.Issued, error) {
					if r.ID != "cred_1" || r.Handle != "h1" {
						t.Errorf("asked for %s at %s", r.ID, r.Handle)
					}
					test.fresh.Credential.ID = "other"
					return test.fresh, test.err
				},
			}
			ledger := &credentials.Memory{}
			issuer := newIssuer(t, credentials.Config{Provisioner: provisioner, Ledger: ledger})
			request := credentials.Request{JobID: "job_1"}
			if _, err := issuer.Issue(t.Context(), request); err != nil {
				t.Fatal(err)
			}
			fresh, err := issuer.Rotate(t.Context(), credentials.Rotation{Request: request, ID: "cred_1", Handle: "h1"})
			if (err != nil) != test.fails || err == nil && fresh.Credential.ID != "cred_1" {
				t.Errorf("got %v, %v", fresh, err)
			}
			_ = issuer.Close(t.Context())
			if got := handles(t, ledger); !slices.Equal(got, test.outstanding) {
				t.Errorf("outstanding are %v, want %v", got, test.outstanding)
			}
			if got := provisioner.done(); !slices.Equal(got, test.revoked) {
				t.Errorf("revoked are %v, want %v", got, test.revoked)
			}
		})
	}
}
