package registry

import (
	"cmp"
	"slices"
	"strings"

	"github.com/arcp-conformance/arcp/protocol"
)

// list answers with one page of the jobs that the principal may know of (§6.6).
func (t *turn) list(in ListRequested) {
	s, open := t.sessions[in.SessionID]
	if !open {
		t.refuse(in.RequestID, in.SessionID, "", over())
		return
	}
	after, genuine := t.unseal(s.owner, in.Cursor)
	if !genuine {
		t.refuse(in.RequestID, in.SessionID, "", protocol.NewError(protocol.InvalidRequest, "cursor is none of this listing's"))
		return
	}
	limit := in.Limit
	if limit <= 0 {
		limit = defaultPage
	}
	limit = min(limit, maxPage)
	found := t.gather(s.owner, &in, after, limit+1) // one more, to know whether there is more
	payload := protocol.SessionJobs{RequestID: in.RequestID, Jobs: make([]protocol.JobSummary, 0, min(len(found), limit))}
	bytes := 0
	for i, e := range found {
		summary := e.summaryFor(s.owner)
		bytes += weight(summary)
		if i == limit || i > 0 && bytes > t.config.PageBytes {
			cursor := t.seal(s.owner, found[i-1].position)
			payload.NextCursor = &cursor
			break
		}
		payload.Jobs = append(payload.Jobs, summary)
	}
	t.do(Listed{SessionID: in.SessionID, Payload: payload})
}

// gather returns the first jobs behind a place that an observer may know of and that pass the filter, in their order.
func (m *Machine) gather(observer *principal, filter *ListRequested, after uint64, count int) []*entry {
	if m.config.MayObserve == nil {
		return observer.gather(nil, filter, after, count)
	}
	var found []*entry
	for _, owner := range m.principals {
		if m.mayObserve(observer, owner) {
			found = owner.gather(found, filter, after, count)
		}
	}
	slices.SortFunc(found, func(a, b *entry) int { return cmp.Compare(a.position, b.position) })
	return found[:min(len(found), count)]
}

func (p *principal) gather(found []*entry, filter *ListRequested, after uint64, count int) []*entry {
	for e := range p.jobs.after(after) {
		if count == 0 {
			break
		}
		if filter.passes(e) {
			found = append(found, e)
			count--
		}
	}
	return found
}

// passes says whether a job is one that was asked for. §6.6: all fields are optional, and those that are there count
// together.
func (l *ListRequested) passes(e *entry) bool {
	if len(l.Statuses) > 0 && !slices.Contains(l.Statuses, e.summary.Status) {
		return false
	}
	// §6.6 (choice): a job created at that time, as the listing writes it, is not created after it.
	return (l.CreatedAfter.IsZero() || e.created.After(l.CreatedAfter)) && (l.Agent == "" || runs(e.summary.Agent, l.Agent))
}

// runs says whether an agent is the one that was asked for: a name alone stands for all its versions (§7.5).
func runs(agent, asked string) bool {
	rest, same := strings.CutPrefix(agent, asked)
	return same && (rest == "" || rest[0] == '@')
}

// summaryFor is what an observer sees of a job. §7.6, §14: credentials are for the submitting principal only.
func (e *entry) summaryFor(observer *principal) protocol.JobSummary {
	summary := e.summary
	if observer != e.owner {
		summary.Credentials = nil
	}
	return summary
}

// weight is about how long the JSON of a job is.
func weight(s protocol.JobSummary) int {
	bytes := 256 + len(s.JobID) + len(s.Agent) + len(s.TraceID)
	for namespace, patterns := range s.Lease {
		bytes += len(namespace) + 8
		for _, pattern := range patterns {
			bytes += len(pattern) + 4
		}
	}
	for _, c := range s.Credentials {
		bytes += 128 + len(c.ID) + len(c.Scheme) + len(c.Value) + len(c.Endpoint) + len(c.Profile) + len(c.Constraints)
	}
	return bytes
}
