package embedded_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/embedded"
	"github.com/arcp-conformance/arcp/conformance/target"
)

func ExampleStarter() {
	peer, err := target.Open(nil, embedded.Starter) // no description: the embedded runtime
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := conformance.Run(context.Background(), peer, &conformance.Options{
		Select: conformance.Selection{IDs: []string{"arcp-6.1-01"}},
	})
	fmt.Println(report.Target.Name, report.Conforms, err)
	// Output: embedded runtime true <nil>
}

func TestBothPrincipalsOfTheDescriptionAreKnown(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		tokens target.Tokens
	}{
		{"made up", target.Tokens{}},
		{"given", target.Tokens{First: "token-of-the-first", Second: "token-of-the-second"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			peer, err := target.Open(&target.Spec{Tokens: tc.tokens}, embedded.Starter)
			if err != nil {
				t.Fatal(err)
			}
			r, err := conformance.Run(t.Context(), peer, &conformance.Options{
				Select: conformance.Selection{IDs: []string{"arcp-6.1-01", "arcp-6.1-08"}}, // the second needs both
			})
			if err != nil || !r.Conforms || r.Counts.Verdicts["pass"] != 2 {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

func TestStopEndsIt(t *testing.T) {
	t.Parallel()
	peer, err := target.Open(nil, embedded.Starter)
	if err != nil {
		t.Fatal(err)
	}
	if err := peer.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	conn, err := peer.Dial(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	hello := `{"arcp":"1.1","id":"msg_1","type":"session.hello","payload":{"client":{"name":"test","version":"1"},"auth":` +
		`{"scheme":"bearer","token":"` + peer.Spec().Tokens.First + `"},"capabilities":{"encodings":["json"],"features":[]}}}`
	if err := conn.Send(t.Context(), []byte(hello)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Recv(t.Context()); err != nil { // the welcome; such a session has no reason to end by itself
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { // reading, as the end of a WebSocket needs an answer
		for {
			if _, err := conn.Recv(context.WithoutCancel(t.Context())); err != nil {
				ended <- err
				return
			}
		}
	}()
	if err := peer.Stop(); err != nil {
		t.Error(err)
	}
	<-ended
	if _, err := peer.Dial(t.Context()); err == nil {
		t.Error("it takes connections after its end")
	}
}
