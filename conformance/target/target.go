package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/arcp-conformance/arcp/conformance/wire"
)

// Target is a peer that the suite can bring up and connect to. Start comes first and Stop last; Dial may be called by
// many goroutines in between.
type Target interface {
	// Spec is the description that the target was made from; the tokens in it are those to use once Start succeeded.
	Spec() *Spec
	// Start brings the peer up. Its error is an *Unreachable.
	Start(ctx context.Context) error
	// Dial opens a new connection. Its error is an *Unreachable.
	Dial(ctx context.Context) (wire.Conn, error)
	// Shared says whether all connections reach one and the same runtime.
	Shared() bool
	// Log is the end of what the peer wrote beside the protocol, or "".
	Log() string
	// Stop ends what Start began. It may be called more than once.
	Stop() error
}

// Unreachable says that the peer could not be started or reached.
type Unreachable struct{ Err error }

func (u *Unreachable) Error() string {
	return "the peer could not be started or reached: " + u.Err.Error()
}

// Unwrap gives the cause.
func (u *Unreachable) Unwrap() error { return u.Err }

// Starter starts the embedded runtime with the tokens of spec, and gives its WebSocket URL and its end.
type Starter func(ctx context.Context, spec *Spec) (url string, stop func() error, err error)

// Open gives the target that spec describes; nil describes the embedded runtime, which embedded starts. A description
// that makes no sense, or an embedded runtime without a Starter, is an *Invalid.
func Open(spec *Spec, embedded Starter) (Target, error) {
	if spec == nil {
		spec = &Spec{}
	}
	if err := spec.Check(); err != nil {
		return nil, err
	}
	own := *spec
	switch {
	case len(own.Stdio) > 0:
		return &stdio{spec: &own}, nil
	case len(own.Command) > 0:
		return &command{spec: &own}, nil
	case own.URL != "":
		return &remote{spec: &own}, nil
	case embedded == nil:
		return nil, &Invalid{errors.New("it names no url, command or stdio, and no embedded runtime is at hand")}
	}
	return newInside(&own, embedded), nil
}

// dial connects to a WebSocket URL with the headers of spec.
func dial(ctx context.Context, spec *Spec, url string) (wire.Conn, error) {
	header := http.Header{}
	for name, value := range spec.Header {
		header.Set(name, value)
	}
	conn, err := wire.Dial(ctx, url, &wire.DialOptions{Header: header})
	if err != nil {
		return nil, &Unreachable{fmt.Errorf("connect to %s: %w", url, err)}
	}
	return conn, nil
}

// remote is a peer that somebody else runs.
type remote struct{ spec *Spec }

func (r *remote) Spec() *Spec  { return r.spec }
func (r *remote) Shared() bool { return true }
func (r *remote) Log() string  { return "" }
func (r *remote) Stop() error  { return nil }

func (r *remote) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, r.spec.Ready.Or(20*time.Second))
	defer cancel()
	conn, err := r.Dial(ctx)
	if err != nil {
		return err
	}
	return conn.Close()
}

func (r *remote) Dial(ctx context.Context) (wire.Conn, error) { return dial(ctx, r.spec, r.spec.URL) }

// inside is the embedded runtime.
type inside struct {
	spec  *Spec
	begin Starter
	url   string
	end   func() error
}

// newInside gives the embedded runtime two principals of its own where the description names none.
func newInside(spec *Spec, begin Starter) *inside {
	if spec.Name == "" {
		spec.Name = "embedded runtime"
	}
	if spec.Tokens.First == "" {
		spec.Tokens.First = randomToken()
	}
	if spec.Tokens.Second == "" {
		spec.Tokens.Second = randomToken()
	}
	return &inside{spec: spec, begin: begin}
}

func (i *inside) Spec() *Spec  { return i.spec }
func (i *inside) Shared() bool { return true }
func (i *inside) Log() string  { return "" }

func (i *inside) Start(ctx context.Context) error {
	url, end, err := i.begin(ctx, i.spec)
	if err != nil {
		return &Unreachable{err}
	}
	i.url, i.end = url, end
	return nil
}

func (i *inside) Dial(ctx context.Context) (wire.Conn, error) { return dial(ctx, i.spec, i.url) }

func (i *inside) Stop() error {
	if i.end == nil {
		return nil
	}
	end := i.end
	i.end = nil
	return end()
}
