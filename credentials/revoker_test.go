package credentials_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/internal/upstream"
)

// TestClause_14_RevocationsAreTriedAgain with longer and longer waits, until the upstream says that it is done.
func TestClause_14_RevocationsAreTriedAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		provisioner := &scripted{refuses: func(_ string, before int) error {
			at = append(at, time.Since(start))
			if before < 5 {
				return errors.New("not now")
			}
			return nil
		}}
		ledger := &credentials.Memory{}
		issuer := newIssuer(t, credentials.Config{Provisioner: provisioner, Ledger: ledger, MaxDelay: 8 * time.Second})
		_ = ledger.Add(credentials.Entry{Handle: "h1"})
		issuer.Revoke("h1")
		issuer.Revoke("h1") // it is being revoked
		if err := issuer.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if len(at) != 6 || !slices.Equal(provisioner.done(), []string{"h1"}) {
			t.Fatalf("tried at %v, revoked %v", at, provisioner.done())
		}
		for i, most := range []time.Duration{1, 2, 4, 8, 8} {
			wait, most := at[i+1]-at[i], most*time.Second
			if wait < most/2 || wait > most {
				t.Errorf("wait %d is %v, want at most %v", i, wait, most)
			}
		}
	})
}

// TestClause_14_UnrevocableIsReported to the operators, once, and stays for the next start.
func TestClause_14_UnrevocableIsReported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var mutex sync.Mutex
		var told []credentials.Entry
		provisioner := &scripted{refuses: func(handle string, before int) error {
			if handle == "h2" {
				panic("broken")
			}
			return errors.New("never")
		}}
		ledger := &credentials.Memory{}
		_ = ledger.Add(credentials.Entry{Handle: "h1", JobID: "job_1"})
		config := credentials.Config{
			Provisioner: provisioner, Ledger: ledger, Attempts: 3, Logger: slog.New(slog.NewTextHandler(&log, nil)),
			Unrevocable: func(e credentials.Entry, _ error) {
				mutex.Lock()
				defer mutex.Unlock()
				told = append(told, e)
			},
		}
		issuer := newIssuer(t, config)
		var left *credentials.Left
		if err := issuer.Close(t.Context()); !errors.As(err, &left) || len(left.Outstanding) != 1 {
			t.Errorf("closed with %v", err)
		}
		if len(told) != 1 || told[0].Handle != "h1" || told[0].JobID != "job_1" || provisioner.tried["h1"] != 3 {
			t.Errorf("told %v, tried %v", told, provisioner.tried)
		}
		if got := strings.Count(log.String(), "level=ERROR"); got != 1 || !strings.Contains(log.String(), "job=job_1") {
			t.Errorf("%d errors in the log:\n%s", got, log.String())
		}
		_ = ledger.Add(credentials.Entry{Handle: "h2"})
		again := newIssuer(t, config)
		_ = again.Close(t.Context())
		if len(told) != 3 { // a panic of the provisioner is a failed attempt, too
			t.Errorf("the next start has told of %v", told)
		}
	})
}

// TestCloseGivesUp when its context ends, and says what is left.
func TestCloseGivesUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ledger := &credentials.Memory{}
		_ = ledger.Add(credentials.Entry{Handle: "h1"})
		issuer := newIssuer(t, credentials.Config{
			Ledger: ledger, Provisioner: &scripted{refuses: func(string, int) error { return errors.New("never") }},
		})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		var left *credentials.Left
		if err := issuer.Close(ctx); !errors.As(err, &left) || left.Outstanding[0].Handle != "h1" {
			t.Errorf("closed with %v", err)
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("it took %v", took)
		}
		issuer.Revoke("h2") // it does nothing any more, and does not panic
	})
}

// TestConcurrentRevocations: no more at once than is allowed, and those that wait to try again hold nobody up.
func TestConcurrentRevocations(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		gate := make(chan struct{})
		var mutex sync.Mutex
		now, most := 0, 0
		provisioner := blocking{revoke: func(ctx context.Context, handle string) error {
			mutex.Lock()
			now++
			most = max(most, now)
			mutex.Unlock()
			defer func() {
				mutex.Lock()
				defer mutex.Unlock()
				now--
			}()
			select {
			case <-gate:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}}
		ledger := &credentials.Memory{}
		for i := range 20 {
			_ = ledger.Add(credentials.Entry{Handle: string(rune('a' + i))})
		}
		issuer := newIssuer(t, credentials.Config{Provisioner: provisioner, Ledger: ledger, Concurrent: 3, RevokeTimeout: time.Second})
		time.Sleep(10 * time.Second) // some have timed out
		close(gate)
		if err := issuer.Close(t.Context()); err != nil {
			t.Error(err)
		}
		if most != 3 {
			t.Errorf("%d at once", most)
		}
	})
}

type blocking struct {
	revoke func(context.Context, string) error
}

func (blocking) Issue(context.Context, credentials.Request) ([]credentials.Issued, error) {
	return nil, nil
}

func (b blocking) Revoke(ctx context.Context, handle string) error { return b.revoke(ctx, handle) }

func TestNoRotator(t *testing.T) {
	t.Parallel()
	issuer := newIssuer(t, credentials.Config{Provisioner: blocking{}})
	if _, err := issuer.Rotate(t.Context(), credentials.Rotation{}); !errors.Is(err, credentials.ErrNoRotator) {
		t.Errorf("got %v", err)
	}
}

// TestClause_14_ARestartRevokes what the last process has left, over an upstream that fails at first (R9.8-3, R14-5).
func TestClause_14_ARestartRevokes(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger")
	gateway := &upstream.Gateway{}
	provisioner := &upstream.Provisioner{Client: gateway.Client(), URL: "http://gateway.example", Keys: 2}
	ledger := openFile(t, path)
	issuer := newIssuer(t, credentials.Config{Provisioner: provisioner, Ledger: ledger})
	if _, err := issuer.Issue(t.Context(), credentials.Request{JobID: "job_1"}); err != nil {
		t.Fatal(err)
	}
	gateway.Lose(1) // the second job's key is minted, and its answer lost
	if _, err := issuer.Issue(t.Context(), credentials.Request{JobID: "job_2"}); err == nil {
		t.Fatal("a key without an answer was issued")
	}
	// It crashes: nobody revokes the first job's.
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_ = issuer.Close(gone)
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
	before := len(gateway.Alive())
	if before < 2 {
		t.Fatalf("alive are %v", gateway.Alive())
	}
	gateway.Fail(2)
	next := newIssuer(t, credentials.Config{Provisioner: provisioner, Ledger: openFile(t, path), FirstDelay: time.Millisecond})
	if err := next.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if alive := gateway.Alive(); len(alive) > 0 {
		t.Errorf("alive are %v", alive)
	}
}

func openFile(t *testing.T, path string) *credentials.File {
	t.Helper()
	ledger, err := credentials.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ledger.Close() })
	return ledger
}
