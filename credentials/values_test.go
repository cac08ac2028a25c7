package credentials_test

import (
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/credentials"
	"github.com/arcp-conformance/arcp/internal/upstream"
	"github.com/arcp-conformance/arcp/protocol"
)

func TestLedgers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		open func(t *testing.T) credentials.Ledger
	}{
		{"memory", func(*testing.T) credentials.Ledger { return &credentials.Memory{} }},
		{"file", func(t *testing.T) credentials.Ledger { return openFile(t, filepath.Join(t.TempDir(), "ledger")) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ledger := test.open(t)
			at := time.Date(2026, 5, 13, 19, 0, 0, 0, time.UTC)
			if got := handles(t, ledger); got != nil {
				t.Errorf("at first: %v", got)
			}
			if err := ledger.Add(credentials.Entry{Handle: "b", JobID: "job_1", At: at}, credentials.Entry{Handle: "a"}); err != nil {
				t.Fatal(err)
			}
			_ = ledger.Add(credentials.Entry{Handle: "a", JobID: "job_2"})
			entries, err := ledger.Outstanding()
			want := []credentials.Entry{{Handle: "a", JobID: "job_2"}, {Handle: "b", JobID: "job_1", At: at}}
			if err != nil || !slices.Equal(entries, want) {
				t.Errorf("got %v, %v", entries, err)
			}
			for _, handle := range []string{"a", "a", "unknown"} {
				if err := ledger.Done(handle); err != nil {
					t.Error(err)
				}
			}
			if got := handles(t, ledger); !slices.Equal(got, []string{"b"}) {
				t.Errorf("at last: %v", got)
			}
		})
	}
}

// TestFile: it outlives its process, is its owner's only, and has no value in it.
func TestFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "ledger")
	ledger := openFile(t, path)
	provisioner := &scripted{issue: func(credentials.Request) ([]credentials.Issued, error) {
		return []credentials.Issued{key("h1", "value-one")}, nil
	}}
	issuer := newIssuer(t, credentials.Config{Provisioner: provisioner, Ledger: ledger})
	if _, err := issuer.Issue(t.Context(), credentials.Request{JobID: "job_1"}); err != nil {
		t.Fatal(err)
	}
	if err := ledger.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.Contains(string(text), "h1") || strings.Contains(string(text), "value-one") {
		t.Errorf("what is on the disk is wrong: %v", err)
	}
	if stat, err := os.Stat(path); err != nil || stat.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode: %v, %v", stat.Mode(), err)
	}
	if got := handles(t, openFile(t, path)); !slices.Equal(got, []string{"h1"}) {
		t.Errorf("after the restart: %v", got)
	}
	if _, err := credentials.OpenFile(t.TempDir()); err == nil {
		t.Error("a directory was opened")
	}
	if _, err := ledger.Outstanding(); err == nil {
		t.Error("a closed ledger answers")
	}
	if err := ledger.Add(credentials.Entry{Handle: "h2"}); err == nil {
		t.Error("a closed ledger takes more")
	}
	// What cannot be noted is not issued.
	provisioner.issue = func(credentials.Request) ([]credentials.Issued, error) {
		return []credentials.Issued{key("h3", "value-three")}, nil
	}
	if _, err := issuer.Issue(t.Context(), credentials.Request{JobID: "job_3"}); err == nil {
		t.Error("a credential was issued that the ledger does not have")
	}
	_ = issuer.Close(t.Context())
	if got := provisioner.done(); !slices.Equal(got, []string{"h3"}) {
		t.Errorf("revoked are %v", got)
	}
}

func TestClause_9_8_3_ConstraintsMapTheLease(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 5, 13, 23, 42, 0, 0, time.FixedZone("", 3600))
	counter := func(currency, amount string) budget.Counter {
		value, err := budget.ParseAmount(strings.TrimPrefix(amount, "-"))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(amount, "-") {
			value = value.Neg()
		}
		return budget.Counter{Currency: currency, Remaining: value}
	}
	for _, test := range []struct {
		name    string
		request credentials.Request
		want    string
	}{
		{name: "nothing", want: `{}`},
		{name: "tools only", request: credentials.Request{Lease: protocol.Lease{"tool.call": {"*"}}}, want: `{}`},
		{
			name: "all",
			request: credentials.Request{
				Lease:     protocol.Lease{"model.use": {"tier-fast/*"}, "cost.budget": {"USD:5.00"}},
				Remaining: []budget.Counter{counter("EUR", "-1"), counter("USD", "3.58")}, ExpiresAt: end,
			},
			want: `{"cost.budget":["EUR:0","USD:3.58"],"model.use":["tier-fast/*"],"expires_at":"2026-05-13T22:42:00.000Z"}`,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := string(test.request.Constraints().JSON()); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestClause_9_6_UpstreamRefusals are the protocol's errors (R9.6-14).
func TestClause_9_6_UpstreamRefusals(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		err  error
		code protocol.Code
	}{
		{"nil", nil, ""},
		{"plain", errors.New("budget_exceeded"), ""},
		{"an own budget error", fmt.Errorf("wrapped: %w", credentials.ErrBudget), protocol.BudgetExhausted},
		{"an own model error", credentials.ErrModel, protocol.PermissionDenied},
		{"LiteLLM 400", credentials.ParseRefusal(400, []byte(`{"error":{"type":"budget_exceeded","param":null,"code":"400"}}`)), protocol.BudgetExhausted},
		{"LiteLLM 429", credentials.ParseRefusal(429, []byte(`{"error":{"type":"budget_exceeded","code":429}}`)), protocol.BudgetExhausted},
		{"LiteLLM's model", credentials.ParseRefusal(403, []byte(`{"error":{"type":"key_model_access_denied","code":"403"}}`)), protocol.PermissionDenied},
		{"LiteLLM's team", credentials.ParseRefusal(401, []byte(`{"error":{"type":"team_model_access_denied"}}`)), protocol.PermissionDenied},
		{"OpenAI's quota", credentials.ParseRefusal(429, []byte(`{"error":{"code":"insufficient_quota"}}`)), protocol.BudgetExhausted},
		{"payment required", credentials.ParseRefusal(402, nil), protocol.BudgetExhausted},
		{"too many requests", credentials.ParseRefusal(429, []byte(`{"error":{"type":"throttling_error","code":null}}`)), ""},
		{"no JSON", credentials.ParseRefusal(500, []byte(`<html>`)), ""},
		{"an answer already", errors.Join(credentials.ErrBudget, protocol.NewError(protocol.Timeout, "")), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := credentials.Translate(test.err)
			if test.code == "" && got != nil || test.code != "" && (got == nil || got.Code != test.code || got.Retryable) {
				t.Errorf("got %v, want %q", got, test.code)
			}
		})
	}
	quoting := credentials.ParseRefusal(403, []byte(`{"error":{"message":"value-one is not allowed","type":"x"}}`))
	if strings.Contains(quoting.Error(), "value-one") {
		t.Errorf("it quotes the upstream: %v", quoting)
	}
}

// TestUpstreamOverHTTP: the lease is what the upstream enforces.
func TestUpstreamOverHTTP(t *testing.T) {
	t.Parallel()
	gateway := &upstream.Gateway{}
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	provisioner := &upstream.Provisioner{Client: server.Client(), URL: server.URL}
	issuer := newIssuer(t, credentials.Config{Provisioner: provisioner})
	limit, _ := budget.ParseAmount("1")
	issued, err := issuer.Issue(t.Context(), credentials.Request{
		JobID: "job_1", Lease: protocol.Lease{"model.use": {"fast-*"}}, ExpiresAt: time.Now().Add(time.Hour),
		Remaining: []budget.Counter{{Currency: "USD", Remaining: limit}},
	})
	if err != nil {
		t.Fatal(err)
	}
	c := issued[0].Credential
	call := func(model, cost string) error { return upstream.Use(server.Client(), c.Endpoint, c.Value, model, cost) }
	if err := call("fast-1", "USD:0.7"); err != nil {
		t.Error(err)
	}
	if err := call("slow-1", "USD:0.1"); !errors.Is(err, credentials.ErrModel) {
		t.Errorf("another model: %v", err)
	}
	if err := call("fast-1", "USD:0.31"); !errors.Is(err, credentials.ErrBudget) {
		t.Errorf("above the cap: %v", err)
	}
	issuer.Revoke(issued[0].Handle)
	if err := issuer.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if err := call("fast-1", "USD:0.1"); err == nil {
		t.Error("a revoked key is good")
	}
}

// TestCredentialsHideTheirValue from whoever prints them.
func TestCredentialsHideTheirValue(t *testing.T) {
	t.Parallel()
	one := key("h1", "value-one")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, one); strings.Contains(text, "value-one") {
			t.Errorf("%s shows it: %s", verb, text)
		}
		if text := fmt.Sprintf(verb, protocol.JobAccepted{Credentials: []protocol.Credential{one.Credential}}); strings.Contains(text, "value-one") {
			t.Errorf("%s of a message shows it: %s", verb, text)
		}
	}
}
