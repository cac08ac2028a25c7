package target

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Spec describes a peer; a target file is its YAML form. With none of URL, Command and Stdio the embedded runtime is
// meant. In URL, Command, Stdio and Env, ${PORT} is replaced by a free port of the loopback interface.
type Spec struct {
	Name    string            `yaml:"name" json:"name,omitempty"`
	Version string            `yaml:"version" json:"version,omitempty"`
	URL     string            `yaml:"url" json:"url,omitempty"`         // ws:// or wss://; with Command, where it will listen
	Command []string          `yaml:"command" json:"command,omitempty"` // started before the run, stopped after it
	Stdio   []string          `yaml:"stdio" json:"stdio,omitempty"`     // started for each connection
	Dir     string            `yaml:"dir" json:"dir,omitempty"`         // where commands run; relative to the target file
	Env     map[string]string `yaml:"env" json:"-"`                     // added to the suite's environment; may hold secrets
	Header  map[string]string `yaml:"header" json:"-"`                  // of the WebSocket handshake; may hold secrets
	Ready   Duration          `yaml:"ready" json:"ready,omitempty"`     // how long starting may take; 0 is 20 s
	Grace   Duration          `yaml:"grace" json:"grace,omitempty"`     // from the polite end to the hard one; 0 is 5 s
	Timeout Duration          `yaml:"timeout" json:"timeout,omitempty"` // of each wait in a scenario; 0 is the run's own
	Tokens  Tokens            `yaml:"tokens" json:"-"`

	Agent       string `yaml:"agent" json:"agent,omitempty"`               // name of the scripted agent; "" is "conformance"
	IDFormat    string `yaml:"id_format" json:"id_format,omitempty"`       // msg_ulid (also ""), ulid or uuid7
	TraceFormat string `yaml:"trace_format" json:"trace_format,omitempty"` // hex32 (also ""), traceparent or none
	Resume      string `yaml:"resume" json:"resume,omitempty"`             // what carries a resume (§6.3): session.resume (also "") or hello.resume

	Concurrency int               `yaml:"concurrency" json:"concurrency,omitempty"` // scenarios at once that it bears; 0 is the run's own
	Expected    []ExpectedFailure `yaml:"expected_failures" json:"expected_failures,omitempty"`
}

// Tokens are the bearer tokens of two principals (§6.1). Second is "" for a peer that knows only one.
type Tokens struct {
	First  string `yaml:"first"`
	Second string `yaml:"second"`
}

// ExpectedFailure names a scenario that is known to fail on this peer, and why. One that stops failing is reported.
type ExpectedFailure struct {
	Scenario string `yaml:"scenario" json:"scenario"`
	Reason   string `yaml:"reason" json:"reason"`
}

// Duration is a time.Duration that YAML and JSON write as text: "20s".
type Duration time.Duration

// UnmarshalText reads "1m30s".
func (d *Duration) UnmarshalText(text []byte) error {
	v, err := time.ParseDuration(string(text))
	if err != nil || v < 0 {
		return fmt.Errorf("%q is no duration (write it as 20s or 1m30s)", text)
	}
	*d = Duration(v)
	return nil
}

// MarshalText writes "1m30s".
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// Or is d, or def when d is zero.
func (d Duration) Or(def time.Duration) time.Duration {
	if d == 0 {
		return def
	}
	return time.Duration(d)
}

// Invalid says that a description of a target makes no sense.
type Invalid struct{ Err error }

func (i *Invalid) Error() string { return "the description of the target: " + i.Err.Error() }

// Unwrap gives the cause.
func (i *Invalid) Unwrap() error { return i.Err }

// Load reads a target file; its errors are an *Invalid. Relative directories in it are taken from where the file is.
func Load(path string) (*Spec, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, &Invalid{err}
	}
	s, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if !filepath.IsAbs(s.Dir) {
		s.Dir = filepath.Join(filepath.Dir(path), s.Dir)
	}
	return s, nil
}

// Parse reads the text of a target file and checks it. A field that it does not know is an error.
func Parse(text []byte) (*Spec, error) {
	s := &Spec{}
	if err := yaml.UnmarshalWithOptions(text, s, yaml.Strict()); err != nil {
		return nil, &Invalid{errors.New(strings.TrimSpace(yaml.FormatError(err, false, true)))}
	}
	return s, s.Check()
}

// Check says what is wrong with the description, all of it at once, in an *Invalid.
func (s *Spec) Check() error {
	var errs []error
	wrong := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if len(s.Stdio) > 0 && (s.URL != "" || len(s.Command) > 0) {
		wrong("stdio: a stdio peer has neither url nor command")
	}
	if s.URL != "" {
		u, err := url.Parse(strings.ReplaceAll(s.URL, "${PORT}", "1"))
		if err != nil || u.Host == "" || !oneOf(u.Scheme, "ws", "wss") {
			wrong("url: %q is no ws:// or wss:// address", s.URL)
		}
		if strings.Contains(s.URL, "${PORT}") && len(s.Command) == 0 {
			wrong("url: ${PORT} means something only together with command")
		}
	}
	if !oneOf(s.IDFormat, "", "msg_ulid", "ulid", "uuid7") {
		wrong("id_format: %q is none of msg_ulid, ulid, uuid7", s.IDFormat)
	}
	if !oneOf(s.TraceFormat, "", "hex32", "traceparent", "none") {
		wrong("trace_format: %q is none of hex32, traceparent, none", s.TraceFormat)
	}
	if !oneOf(s.Resume, "", "session.resume", "hello.resume") {
		wrong("resume: %q is none of session.resume, hello.resume", s.Resume)
	}
	if s.Tokens.First != "" && s.Tokens.First == s.Tokens.Second {
		wrong("tokens: both principals have the same token")
	}
	if s.Concurrency < 0 {
		wrong("concurrency: %d is negative", s.Concurrency)
	}
	for i, e := range s.Expected {
		if e.Scenario == "" || e.Reason == "" {
			wrong("expected_failures: entry %d needs a scenario and a reason", i+1)
		}
	}
	if len(errs) > 0 {
		return &Invalid{errors.Join(errs...)}
	}
	return nil
}

func oneOf(s string, list ...string) bool {
	return slices.Contains(list, s)
}
