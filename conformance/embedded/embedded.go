package embedded

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/agents/scripted"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/target"
	"github.com/arcp-conformance/arcp/protocol"
)

// grace is how long the runtime may take to end.
const grace = 5 * time.Second

// Starter serves a runtime with the scripted agent and the two principals of spec, on a free port of the loopback
// interface, and gives its URL and its end. It is a target.Starter.
func Starter(_ context.Context, spec *target.Spec) (url string, stop func() error, err error) {
	tokens := map[string]string{}
	for principal, token := range map[string]string{"first": spec.Tokens.First, "second": spec.Tokens.Second} {
		if token != "" {
			tokens[token] = principal
		}
	}
	known, err := auth.Tokens(tokens)
	if err != nil {
		return "", nil, err
	}
	rt, err := actors.New(&actors.Config{
		Authenticator: known,
		Runtime:       protocol.Peer{Name: "arcp", Version: conformance.SuiteVersion},
	})
	if err != nil {
		return "", nil, err
	}
	if err := scripted.Register(rt); err != nil {
		return "", nil, errors.Join(err, end(rt, nil))
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, errors.Join(err, end(rt, nil))
	}
	server := &http.Server{Handler: rt.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return "ws://" + listener.Addr().String() + "/arcp", func() error { return end(rt, server) }, nil
}

// end takes no new connections any more, and then ends the runtime; what is left after the grace is cut off.
func end(rt *actors.Runtime, server *http.Server) error {
	var closed error
	if server != nil {
		closed = server.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	return errors.Join(rt.Shutdown(ctx), closed)
}
