package world

import (
	"errors"
	"fmt"
	"maps"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/register"
	"github.com/arcp-conformance/arcp/conformance/report"
)

// Broken is the error of a check that did not hold and that binds the peer.
type Broken struct{ Finding report.Finding }

func (b *Broken) Error() string {
	return b.Finding.String()
}

// SuiteError is trouble of the suite's own: it never accuses the peer.
type SuiteError struct{ Err error }

func (s *SuiteError) Error() string { return "the suite's own error: " + s.Err.Error() }

// Unwrap gives the cause.
func (s *SuiteError) Unwrap() error { return s.Err }

// Check counts one check of the requirement req (an id of the register, "R9.6-3"). When ok is false, a MUST or IMPL
// gives an error that fails the scenario, a SHOULD is recorded as a warning and a MAY as information, both with a nil
// error. expected and got are for the reader of the report.
func (w *World) Check(req string, ok bool, expected, got string) error {
	w.explicit.Add(1)
	return w.check(req, ok, expected, got)
}

// check is Check for what the World itself demands on the way.
func (w *World) check(req string, ok bool, expected, got string) error {
	row, err := w.count(req)
	if err != nil || ok {
		return err
	}
	switch {
	case row.Level.Binding():
		return w.find(row, report.Fail, expected, got)
	case row.Level == register.Should:
		return w.find(row, report.Warn, expected, got)
	}
	return w.find(row, report.Info, expected, got)
}

// Prefer counts one check of something that the judgements leave to strictness: when ok is false it warns, and it
// fails in a strict run.
func (w *World) Prefer(req string, ok bool, expected, got string) error {
	w.explicit.Add(1)
	row, err := w.count(req)
	if err != nil || ok {
		return err
	}
	if w.cfg.Strict {
		return w.find(row, report.Fail, expected, got)
	}
	return w.find(row, report.Warn, expected, got)
}

// Warn records that one reading of req, though not demanded, would be clearly better than what was got.
func (w *World) Warn(req, expected, got string) {
	w.explicit.Add(1)
	if row, err := w.count(req); err == nil {
		_ = w.find(row, report.Warn, expected, got)
	}
}

// Inform records what the peer does where the draft leaves it free.
func (w *World) Inform(req, text string) {
	w.explicit.Add(1)
	if row, err := w.count(req); err == nil {
		_ = w.find(row, report.Info, "", text)
	}
}

// Skip ends the scenario without a verdict on the peer. Return its error from the step at once.
func (w *World) Skip(reason string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.skipped == "" {
		w.skipped = reason
	}
	return fmt.Errorf("%w: %s", godog.ErrSkip, reason)
}

// Skipped is the reason of Skip, or "".
func (w *World) Skipped() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.skipped
}

// Findings is what the checks found so far.
func (w *World) Findings() []report.Finding {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]report.Finding(nil), w.findings...)
}

// Checks is how often each requirement was checked so far.
func (w *World) Checks() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return maps.Clone(w.checks)
}

// Explicit is how many checks the steps themselves asked for, beside those that a session or a job needs to come about.
// A scenario without one shows nothing of its own.
func (w *World) Explicit() int { return int(w.explicit.Load()) }

// Trouble is the suite's own error in this scenario, or nil.
func (w *World) Trouble() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.broken
}

func (w *World) count(req string) (register.Requirement, error) {
	row, ok := register.Lookup(req)
	w.mu.Lock()
	defer w.mu.Unlock()
	if !ok {
		err := &SuiteError{fmt.Errorf("no requirement %q in the register", req)}
		w.broken = errors.Join(w.broken, err)
		return row, err
	}
	w.checks[req]++
	return row, nil
}

func (w *World) find(row register.Requirement, v report.Verdict, expected, got string) error {
	f := report.Finding{
		Requirement: row.ID, Section: row.Section, Level: string(row.Level), Verdict: v,
		Expected: expected, Got: got, Source: "step",
	}
	w.mu.Lock()
	w.findings = append(w.findings, f)
	w.mu.Unlock()
	if v == report.Fail {
		return &Broken{f}
	}
	return nil
}

// Count is Check for judges outside the steps: it counts under req and records a breach, and it does not make up for a
// scenario that checks nothing itself.
func (w *World) Count(req string, ok bool, expected, got string) {
	_ = w.check(req, ok, expected, got)
}
