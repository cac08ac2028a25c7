package actors

import (
	"context"
	"errors"
	"fmt"

	"github.com/arcp-conformance/arcp/protocol"
)

// Agent does one job. It runs in a goroutine of its own, and ctx ends when the job shall: by a cancel (§7.4), by
// max_runtime_sec, or because the runtime shuts down; context.Cause(ctx) is a *protocol.Error that says which. An agent
// that goes on all the same is left behind after a grace.
//
// What it returns is the job's ending (§7.3). A value without an error is marshalled to JSON and is the inline result,
// nil for none; after a streamed result it must be nil (§8.4). A *protocol.Error in the error's tree is the job's error;
// any other error, and a panic, is INTERNAL_ERROR, and what it says stays in the log.
type Agent func(ctx context.Context, job *Job) (any, error)

// inventory is the registered agents. It is never changed, only replaced.
type inventory struct{ agents []registered }

type registered struct {
	protocol.Agent
	run map[string]Agent // by version
}

// with returns the inventory with one agent more.
func (v *inventory) with(name, version string, agent Agent) (*inventory, error) {
	if _, _, refused := protocol.ParseAgentRef(name + "@" + version); refused != nil {
		return nil, fmt.Errorf("actors: register %q@%q: %w", name, version, refused)
	}
	if agent == nil {
		return nil, errors.New("actors: register " + name + ": the agent is nil")
	}
	next := &inventory{}
	entry := registered{Agent: protocol.Agent{Name: name}, run: map[string]Agent{}}
	at := len(v.agents)
	for i, old := range v.agents {
		next.agents = append(next.agents, old)
		if old.Name == name {
			at = i
			entry.Versions = append(entry.Versions, old.Versions...)
			for version, run := range old.run {
				entry.run[version] = run
			}
		}
	}
	if _, taken := entry.run[version]; taken {
		return nil, fmt.Errorf("actors: %s@%s is registered already", name, version)
	}
	entry.Versions = append(entry.Versions, version)
	entry.Default = version // §7.5 (choice): the newest registration is what a bare name means
	entry.run[version] = agent
	if at == len(next.agents) {
		next.agents = append(next.agents, entry)
	} else {
		next.agents[at] = entry
	}
	return next, nil
}

// find gives the function of one version.
func (v *inventory) find(name, version string) (Agent, bool) {
	for _, entry := range v.agents {
		if entry.Name == name {
			agent, known := entry.run[version]
			return agent, known
		}
	}
	return nil, false
}

// list is the inventory as the welcome shows it (§6.2).
func (v *inventory) list() []protocol.Agent {
	list := make([]protocol.Agent, 0, len(v.agents))
	for _, entry := range v.agents {
		list = append(list, entry.Agent)
	}
	return list
}
