package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerSessions(sc vocabulary) {
	sc.Step(`^a session "([^"]*)"$`, aSession)
	sc.Step(`^a session "([^"]*)" of the second principal$`, aSessionOfTheSecond)
	sc.Step(`^a session "([^"]*)" with only the features "([^"]*)"$`, aSessionWithFeatures)
	sc.Step(`^a connection "([^"]*)" without a hello$`, aConnection)
	sc.Step(`^the feature "([^"]*)" is negotiated on "([^"]*)"$`, featureNegotiated)
	sc.Step(`^"([^"]*)" closes the session$`, closesTheSession)
	sc.Step(`^the connection "([^"]*)" drops$`, connectionDrops)
	sc.Step(`^"([^"]*)" still answers$`, stillAnswers)
	sc.Step(`^the connection "([^"]*)" ends`+judgedUnder, connectionEnds)
	sc.Step(`^a job of "([^"]*)" works$`, aJobWorks)
	sc.Step(`^a job of "([^"]*)" still works$`, aJobStillWorks)
	sc.Step(`^a new session still works$`, aNewSessionStillWorks)
}

// A general step may name the requirement that its check counts under: bracketed is that part of an expression, and
// judgedUnder the same at its end.
const (
	bracketed   = `(?: \((R[0-9.]+-[0-9]+)\))?`
	judgedUnder = bracketed + `$`
)

func aSession(ctx context.Context, name string) error {
	_, err := sceneOf(ctx).w.Session(ctx, name)
	return err
}

func aSessionOfTheSecond(ctx context.Context, name string) error {
	_, err := sceneOf(ctx).w.SessionAs(ctx, name, world.Second, nil)
	return err
}

func aSessionWithFeatures(ctx context.Context, name, list string) error {
	_, err := sceneOf(ctx).w.SessionAs(ctx, name, world.First, words(list))
	return err
}

// words splits "a, b" at its commas; "" is an empty list and not nil.
func words(list string) []string {
	out := []string{}
	for _, word := range strings.Split(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

func aConnection(ctx context.Context, name string) error {
	_, err := sceneOf(ctx).w.Connect(ctx, name)
	return err
}

func featureNegotiated(ctx context.Context, feature, name string) error {
	c, err := sceneOf(ctx).client(name)
	if err != nil {
		return err
	}
	return c.RequireFeature(feature)
}

// closesTheSession asks for the end and waits for the answer, which another step judges (§6.7).
func closesTheSession(ctx context.Context, name string) error {
	return sceneOf(ctx).ask(ctx, name, "session.close", map[string]any{"reason": "done"})
}

func connectionDrops(ctx context.Context, name string) error {
	c, err := sceneOf(ctx).client(name)
	if err != nil {
		return err
	}
	return c.Close()
}

func stillAnswers(ctx context.Context, name string) error {
	c, err := sceneOf(ctx).client(name)
	if err != nil {
		return err
	}
	return c.Alive(ctx)
}

func connectionEnds(ctx context.Context, name, req string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	if err := c.AwaitClose(ctx); err != nil {
		return s.w.Failed(s.req(req), "the end of the transport of "+name, err)
	}
	return s.w.Check(s.req(req), true, "", "")
}

// aJobWorks is for what comes before the matter of a scenario: when it fails, the scenario's requirement is not broken.
func aJobWorks(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	c, err := s.client(name)
	if err != nil {
		return err
	}
	_, err = s.probe(ctx, c)
	return err
}

// aJobStillWorks is for what comes after it: then the scenario's requirement is broken too.
func aJobStillWorks(ctx context.Context, name string) error {
	return sceneOf(ctx).blame(aJobWorks(ctx, name))
}

func aNewSessionStillWorks(ctx context.Context) error {
	s := sceneOf(ctx)
	name := fmt.Sprintf("new%d", len(s.w.Messages()))
	if _, err := s.w.Session(ctx, name); err != nil {
		return s.blame(err)
	}
	return aJobStillWorks(ctx, name)
}

// blame counts whether the peer still works under the scenario's first requirement.
func (s *scene) blame(err error) error { return s.blameOn(s.lead, err) }

// blameOn counts under req whether what the scenario needed came about, beside the requirement that err already names.
func (s *scene) blameOn(req string, err error) error {
	var broken *world.Broken
	if err != nil && !errors.As(err, &broken) {
		return err
	}
	if err != nil {
		return s.w.Check(req, false, "a peer that still works after it", err.Error())
	}
	return s.w.Check(req, true, "", "")
}

// probe runs a whole job with a mark that nobody can guess, and demands the mark in its event and in its result: only a
// runtime that works can give both.
func (s *scene) probe(ctx context.Context, c *world.Client) (*world.Job, error) {
	mark := "mark " + fresh()
	job, err := c.MustSubmit(ctx, s.w.Submission(nil,
		map[string]any{"op": "log", "message": mark}, map[string]any{"op": "return", "value": mark}))
	if err != nil {
		return nil, err
	}
	end, err := job.AwaitEnd(ctx)
	if err != nil {
		return nil, err
	}
	logged := false
	for _, m := range job.Events("log") {
		logged = logged || m.Text("payload", "body", "message") == mark
	}
	if err := s.w.Check("R8.1-1", logged, "the event of the job", seen(job)); err != nil {
		return nil, err
	}
	return job, s.w.Check("R7.3-1", s.hasResult(end, mark), "the result of the job", world.Brief(end))
}

// seen says what came of a job, for reports.
func seen(j *world.Job) string {
	var parts []string
	for _, m := range j.Messages() {
		part := m.Type()
		if m.Type() == "job.event" {
			part = m.Kind()
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return "no message about the job"
	}
	if len(parts) > 12 {
		parts = append(parts[:12], fmt.Sprintf("… (%d messages)", len(parts)))
	}
	return strings.Join(parts, ", ")
}

// isEnding says whether m ends a job (§7.3).
func isEnding(m wire.Message) bool { return m.Type() == "job.result" || m.Type() == "job.error" }

// succeeded says whether m is the ending of a job that succeeded (§7.3).
func succeeded(m wire.Message) bool {
	return m.Type() == "job.result" && m.Text("payload", "final_status") == "success"
}
