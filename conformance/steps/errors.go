package steps

import (
	"context"
	"slices"

	"github.com/arcp-conformance/arcp/conformance/wire"
	"github.com/arcp-conformance/arcp/conformance/world"
)

func registerErrors(sc vocabulary) {
	sc.Step(`^every error that "([^"]*)" received is complete$`, errorsAreComplete)
	sc.Step(`^every error that "([^"]*)" received is complete, if there was one$`, errorsIfAny)
	sc.Step(`^the refusal of "([^"]*)" names the request$`, refusalNamesRequest)
	sc.Step(`^the refusal of the submit names the request$`, submitRefusalNamesRequest)
}

// codes are the fifteen of §12.
func codes() []string {
	return []string{
		"PERMISSION_DENIED", "LEASE_SUBSET_VIOLATION", "JOB_NOT_FOUND", "DUPLICATE_KEY", "AGENT_NOT_AVAILABLE",
		"AGENT_VERSION_NOT_AVAILABLE", "CANCELLED", "TIMEOUT", "RESUME_WINDOW_EXPIRED", "HEARTBEAT_LOST", "LEASE_EXPIRED",
		"BUDGET_EXHAUSTED", "INVALID_REQUEST", "UNAUTHENTICATED", "INTERNAL_ERROR",
	}
}

func errorsAreComplete(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	found, err := s.errorsOf(name)
	if err != nil {
		return err
	}
	return s.w.Check("R12-1", found, "an error", "none")
}

func errorsIfAny(ctx context.Context, name string) error {
	_, err := sceneOf(ctx).errorsOf(name)
	return err
}

// errorsOf judges every error that came on a connection, and says whether there was one.
func (s *scene) errorsOf(name string) (found bool, err error) {
	c, err := s.client(name)
	if err != nil {
		return false, err
	}
	for _, m := range c.Received() {
		if !world.Refused(m) {
			continue
		}
		found = true
		_, flagged := retryable(m)
		if err := s.w.Check("R12-1", slices.Contains(codes(), m.Code()), "one of the fifteen codes", world.Brief(m)); err != nil {
			return found, err
		}
		if err := s.w.Check("R12-1", hasWords(m) && flagged, "an error with a message and retryable", world.Brief(m)); err != nil {
			return found, err
		}
	}
	return found, nil
}

// hasWords says whether an error has a message at all.
func hasWords(m wire.Message) bool {
	v, ok := m.Lookup("payload", "message")
	if !ok {
		v, ok = m.Lookup("payload", "error", "message")
	}
	_, isText := v.(string)
	return ok && isText
}

// refusalNamesRequest: the draft shows no field for it, so its absence warns.
func refusalNamesRequest(ctx context.Context, name string) error {
	s := sceneOf(ctx)
	r, err := s.answer(name, "R12-3", "an error")
	if err != nil {
		return err
	}
	return s.correlated(r.reply, r.id)
}

func submitRefusalNamesRequest(ctx context.Context) error {
	s := sceneOf(ctx)
	sub, err := s.submission("")
	if err != nil {
		return err
	}
	sent := ""
	for _, m := range s.w.Messages() {
		if m.Dir == wire.Sent && m.Type() == "job.submit" && m.Conn == sub.c.Name() {
			sent = m.ID()
		}
	}
	return s.correlated(sub.refusal, sent)
}

func (s *scene) correlated(m wire.Message, id string) error {
	if !world.Correlated(m, id) {
		s.w.Warn("R12-3", "an error that names the request "+id, world.Brief(m))
		return nil
	}
	return s.w.Check("R12-3", true, "", "")
}
