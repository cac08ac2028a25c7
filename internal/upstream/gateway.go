package upstream

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/budget"
	"github.com/arcp-conformance/arcp/credentials"
)

// Gateway is the service, as a handler of HTTP. The zero value is ready. It is safe for concurrent use.
type Gateway struct {
	mutex   sync.Mutex
	minted  int
	tokens  map[string]*token // by name
	revoked map[string]int    // how often, by name
	fail    int               // requests for keys that will be answered 503
	lose    int               // the same, but what was asked for is done
}

type token struct {
	value string
	credentials.Constraints
	spent   map[string]budget.Amount
	expires time.Time
}

// order asks for a key.
type order struct {
	Name        string                  `json:"name"`
	Constraints credentials.Constraints `json:"constraints"`
}

// use is a call that costs.
type use struct {
	Model string `json:"model"`
	Cost  string `json:"cost"` // such as USD:0.10
}

// ServeHTTP serves POST /keys, DELETE /keys/{name} and POST /v1/use.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	if r.URL.Path == "/v1/use" {
		g.use(w, r)
		return
	}
	if g.fail > 0 {
		g.fail--
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	answer := w
	if g.lose > 0 {
		g.lose--
		http.Error(w, "lost", http.StatusServiceUnavailable)
		answer = httptest.NewRecorder()
	}
	switch {
	case r.Method == http.MethodPost && r.URL.Path == "/keys":
		g.mint(answer, r)
	case r.Method == http.MethodDelete && path.Dir(r.URL.Path) == "/keys":
		g.revoke(path.Base(r.URL.Path))
	default:
		http.NotFound(answer, r)
	}
}

func (g *Gateway) mint(w http.ResponseWriter, r *http.Request) {
	var asked order
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	g.minted++
	t := &token{
		value: fmt.Sprintf("sk-virt-%06d-&<secret>", g.minted), Constraints: asked.Constraints,
		spent: map[string]budget.Amount{},
	}
	if asked.Constraints.ExpiresAt != "" {
		t.expires, _ = time.Parse(time.RFC3339, asked.Constraints.ExpiresAt)
	}
	if g.tokens == nil {
		g.tokens = map[string]*token{}
	}
	g.tokens[asked.Name] = t
	_ = json.NewEncoder(w).Encode(map[string]string{"value": t.value})
}

func (g *Gateway) revoke(name string) {
	if g.revoked == nil {
		g.revoked = map[string]int{}
	}
	g.revoked[name]++
	delete(g.tokens, name)
}

func (g *Gateway) use(w http.ResponseWriter, r *http.Request) {
	var asked use
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	t := g.bearer(r.Header.Get("Authorization"))
	switch {
	case t == nil:
		refuse(w, http.StatusUnauthorized, "token_not_found_in_db")
	case t.Models != nil && !slices.ContainsFunc(t.Models, func(p string) bool { ok, _ := path.Match(p, asked.Model); return ok }):
		refuse(w, http.StatusForbidden, "key_model_access_denied")
	case !t.spend(asked.Cost):
		refuse(w, http.StatusTooManyRequests, "budget_exceeded")
	}
}

// bearer finds the token of a request, if it is still good.
func (g *Gateway) bearer(header string) *token {
	for _, t := range g.tokens {
		if header == "Bearer "+t.value && (t.expires.IsZero() || time.Now().Before(t.expires)) {
			return t
		}
	}
	return nil
}

// spend takes a cost, unless it is above what is left of the cap.
func (t *token) spend(text string) bool {
	cost, err := budget.ParseGrant(text)
	if err != nil {
		return false
	}
	after, _ := t.spent[cost.Currency].Add(cost.Amount)
	for _, pattern := range t.Budget {
		limit, err := budget.ParseGrant(pattern)
		if err != nil || limit.Currency == cost.Currency && after.Cmp(limit.Amount) > 0 {
			return false
		}
	}
	t.spent[cost.Currency] = after
	return true
}

func refuse(w http.ResponseWriter, status int, kind string) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]any{"type": kind, "code": fmt.Sprint(status), "message": "no"}})
}

// Fail makes the next requests for keys fail without effect.
func (g *Gateway) Fail(requests int) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.fail = requests
}

// Lose makes the next requests for keys look failed although they were done.
func (g *Gateway) Lose(requests int) {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	g.lose = requests
}

// Minted is how many keys were ever minted.
func (g *Gateway) Minted() int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	return g.minted
}

// Alive has the names of the keys that were not revoked, sorted.
func (g *Gateway) Alive() []string {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	var names []string
	for name := range g.tokens {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Revoked says how often each name was revoked.
func (g *Gateway) Revoked() map[string]int {
	g.mutex.Lock()
	defer g.mutex.Unlock()
	counts := map[string]int{}
	for name, count := range g.revoked {
		counts[name] = count
	}
	return counts
}

// Client talks to the gateway without a network, so that a clock that stands still does not stop it.
func (g *Gateway) Client() *http.Client { return &http.Client{Transport: direct{g}} }

type direct struct{ gateway *Gateway }

// RoundTrip serves one request in the goroutine of its caller.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	d.gateway.ServeHTTP(w, r)
	return w.Result(), nil
}

// Use is a call as an agent makes it. The error is what a client of an LLM makes of the answer.
func Use(client *http.Client, endpoint, value, model, cost string) error {
	body, _ := json.Marshal(use{Model: model, Cost: cost})
	r, err := http.NewRequest(http.MethodPost, endpoint+"/use", strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+value)
	text, status, err := send(client, r)
	if err == nil && status != http.StatusOK {
		return credentials.ParseRefusal(status, text)
	}
	return err
}
