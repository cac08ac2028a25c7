package demo_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/agents/demo"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/transport"
)

// said is one message of the runtime, as far as these tests look.
type said struct {
	Type      string `json:"type"`
	SessionID string `json:"session_id"`
	Payload   struct {
		Kind string `json:"kind"`
		Body struct {
			Data, Name string
			Error      struct{ Code string }
		} `json:"body"`
		Result json.RawMessage `json:"result"`
		Code   string          `json:"code"`
	} `json:"payload"`
}

// play runs one job and gives all that the runtime said of it, the ending last.
func play(t testing.TB, features, submit string) []said {
	known, err := auth.Tokens(map[string]string{"a-token-of-the-test": "alice"})
	if err != nil {
		t.Fatal(err)
	}
	rt, err := actors.New(&actors.Config{Authenticator: known})
	if err != nil {
		t.Fatal(err)
	}
	if err := demo.Register(rt); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	defer func() { _ = rt.Shutdown(ctx) }()
	client, server := transport.Pipe()
	go func() { _ = rt.ServeConn(ctx, server) }()
	defer client.Abort()
	send := func(fields string) {
		if err := client.Send(ctx, []byte(`{"arcp":"1.1",`+fields+`}`)); err != nil {
			t.Fatal(err)
		}
	}
	send(`"id":"msg_1","type":"session.hello","payload":{"client":{"name":"test","version":"1"},"auth":{"scheme":"bearer",` +
		`"token":"a-token-of-the-test"},"capabilities":{"encodings":["json"],"features":[` + features + `]}}`)
	var all []said
	for {
		frame, err := client.Receive(ctx)
		if err != nil {
			t.Fatalf("after %+v: %v", all, err)
		}
		var m said
		if err := json.Unmarshal(frame, &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
		switch m.Type {
		case "session.welcome":
			send(`"id":"msg_2","type":"job.submit","session_id":"` + m.SessionID + `","payload":` + submit)
		case "job.result", "job.error", "session.error":
			return all
		}
	}
}

// story is a transcript in words.
func story(all []said) string {
	var words []string
	for _, m := range all {
		word := m.Type
		if m.Type == "job.event" {
			word = m.Payload.Kind
		}
		for _, detail := range []string{m.Payload.Body.Name, m.Payload.Body.Error.Code, m.Payload.Code} {
			if detail != "" {
				word += ":" + detail
			}
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestEcho(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, input, want string }{
		{"a value", `,"input":{"a":[1.50,"ä"]}`, `{"a":[1.50,"ä"]}`},
		{"no input", ``, ``},
	} {
		all := play(t, "", `{"agent":"echo"`+tc.input+`}`)
		end := all[len(all)-1]
		if got := string(end.Payload.Result); end.Type != "job.result" || got != tc.want && got != "null" {
			t.Errorf("%s: got %s with %s, want %s", tc.name, end.Type, got, tc.want)
		}
	}
}

const (
	features = `"cost.budget","progress","result_chunk"`
	topics   = `"input":{"topics":["tides","moons","stars"]}`
	search   = `"lease_request":{"tool.call":["search.web"]`
	once     = " progress tool_call tool_result metric:cost.search"
	gauge    = " metric:cost.budget.remaining"
)

func TestReportBuilder(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, features, submit, want, text string }{
		{
			"without a budget", features, topics + "," + search + "}", strings.Repeat(once, 3) + " result_chunk job.result",
			"tides: much has been written about it\nmoons: much has been written about it\nstars: much has been written about it\n",
		},
		{
			"the budget ends first", features, topics + "," + search + `,"cost.budget":["USD:0.02"]}`,
			strings.Repeat(once+gauge, 2) + " progress tool_call tool_result:BUDGET_EXHAUSTED result_chunk job.result",
			"tides: much has been written about it\nmoons: much has been written about it\nThe budget is spent; 1 topics are left out.\n",
		},
		{
			"a client without features", "", topics + "," + search + "}",
			strings.ReplaceAll(strings.Repeat(once, 3), " progress", "") + " job.result", "",
		},
		{
			"no lease", features, topics, " progress tool_call tool_result:PERMISSION_DENIED job.error:PERMISSION_DENIED", "",
		},
		{"no topics", features, `"input":{}`, " job.error:INVALID_REQUEST", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			all := play(t, tc.features, `{"agent":"report-builder",`+tc.submit+`}`)
			if got, want := story(all), "session.welcome job.accepted"+tc.want; got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			text := ""
			for _, m := range all {
				text += m.Payload.Body.Data
			}
			if text != tc.text {
				t.Errorf("streamed %q, want %q", text, tc.text)
			}
		})
	}
}
