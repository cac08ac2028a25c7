package registry_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/arcp-conformance/arcp/actors/registry"
	"github.com/arcp-conformance/arcp/protocol"
)

// crowd is a machine with 10 000 jobs of one principal and 10 000 of others, all with keys. Every tenth is running.
func crowd(b *testing.B, config registry.Config) *registry.Machine {
	b.Helper()
	config.MaxPrincipalJobs, config.MaxKeys, config.MaxJobs = 30_000, 30_000, 30_000
	machine := registry.New(&config)
	for i := range 11 {
		principal := "alice"
		if i > 0 {
			principal = fmt.Sprint("p", i)
		}
		machine.Step(beginning, registry.SessionOpened{SessionID: protocol.SessionID(fmt.Sprint("sess_", i)), Principal: principal})
	}
	for i := range 20_000 {
		id, session := protocol.JobID(fmt.Sprint("job_", i)), protocol.SessionID("sess_0")
		if i%2 == 1 {
			session = protocol.SessionID(fmt.Sprint("sess_", i%10+1))
		}
		machine.Step(beginning, registry.SubmitRequested{SessionID: session, JobID: id, Key: string(id)})
		machine.Step(beginning, registry.JobAccepted{JobID: id, Payload: protocol.JobAccepted{
			JobID: id, Agent: "writer@1", Lease: protocol.Lease{"tool.call": {"search"}}, AcceptedAt: protocol.FormatTime(beginning),
		}})
		if i%20 == 0 {
			machine.Step(beginning, registry.JobChanged{JobID: id, Status: protocol.StatusRunning})
		}
	}
	return machine
}

// BenchmarkSubmit is a job from its submit to its end, beside 20 000 others.
func BenchmarkSubmit(b *testing.B) {
	for _, c := range []struct{ name, key string }{{"without a key", ""}, {"with a key", "k"}} {
		b.Run(c.name, func(b *testing.B) {
			machine := crowd(b, registry.Config{})
			now := beginning
			names := make([]protocol.JobID, 1<<16)
			for i := range names {
				names[i] = protocol.JobID(fmt.Sprint("new_", i))
			}
			payload := protocol.JobAccepted{Agent: "writer@1", AcceptedAt: protocol.FormatTime(now)}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				id, key := names[i%len(names)], c.key
				if key != "" {
					key += string(id)
				}
				now = now.Add(time.Second)
				machine.Step(now, registry.SubmitRequested{SessionID: "sess_0", JobID: id, Key: key})
				machine.Step(now, registry.JobAccepted{JobID: id, Payload: payload})
				machine.Step(now, registry.JobEnded{JobID: id})
			}
		})
	}
}

// BenchmarkReplay is a submit whose key is known.
func BenchmarkReplay(b *testing.B) {
	machine := crowd(b, registry.Config{})
	b.ReportAllocs()
	for b.Loop() {
		machine.Step(beginning, registry.SubmitRequested{SessionID: "sess_0", JobID: "new", Key: "job_10000"})
	}
}

// BenchmarkList is one page of 10 000 jobs.
func BenchmarkList(b *testing.B) {
	see := func(string, string) bool { return true }
	for _, c := range []struct {
		name   string
		config registry.Config
		in     registry.ListRequested
	}{
		{"first page", registry.Config{}, registry.ListRequested{}},
		{"1000 a page", registry.Config{}, registry.ListRequested{Limit: 1000}},
		{"one in ten", registry.Config{}, registry.ListRequested{Statuses: []protocol.JobStatus{protocol.StatusRunning}}},
		{"none of all", registry.Config{}, registry.ListRequested{Agent: "reader"}},
		{"of all principals", registry.Config{MayObserve: see}, registry.ListRequested{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			machine := crowd(b, c.config)
			c.in.SessionID = "sess_0"
			b.ReportAllocs()
			for b.Loop() {
				machine.Step(beginning, c.in)
			}
		})
	}
	b.Run("last page", func(b *testing.B) {
		machine := crowd(b, registry.Config{})
		in := registry.ListRequested{SessionID: "sess_0", Limit: 1000}
		for {
			page := only[registry.Listed](b, machine.Step(beginning, in)).Payload
			if page.NextCursor == nil {
				break
			}
			in.Cursor = *page.NextCursor
		}
		b.ReportAllocs()
		for b.Loop() {
			machine.Step(beginning, in)
		}
	})
}
