package report

// Verdict is what came of a scenario, or of one finding in it.
type Verdict string

// The verdicts. A broken MUST fails, a broken SHOULD warns, a MAY informs; the suite's own trouble is an error and
// never an accusation. XFail and XPass belong to the failures that a target's description expects.
const (
	Pass  Verdict = "pass"
	Fail  Verdict = "fail"
	Warn  Verdict = "warn"
	Info  Verdict = "info"
	Skip  Verdict = "skip"
	Error Verdict = "error"
	XFail Verdict = "xfail" // failed, as expected
	XPass Verdict = "xpass" // was expected to fail, and does not any more
)

// Verdicts lists all verdicts in the order in which reports show them.
func Verdicts() []Verdict {
	return []Verdict{Pass, Warn, Info, Fail, Error, Skip, XFail, XPass}
}

// Bad says whether the verdict keeps a run from being a success. An XPass does: a stale expectation hides the next fault.
func (v Verdict) Bad() bool { return v == Fail || v == Error || v == XPass }
