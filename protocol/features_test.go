package protocol_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/arcp-conformance/arcp/protocol"
)

type features = []protocol.Feature

func TestClause_6_2_TheFeatures(t *testing.T) {
	t.Parallel()
	want := features{
		"heartbeat", "ack", "list_jobs", "subscribe", "lease_expires_at", "cost.budget", "model.use", "provisioned_credentials",
		"progress", "result_chunk", "agent_versions",
	}
	if diff := cmp.Diff(want, protocol.Features()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestClause_6_2_NegotiationIsTheIntersection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name         string
		ours, theirs features
		want         features
	}{
		{"nothing and nothing", nil, nil, features{}},
		{"all and nothing", protocol.Features(), nil, features{}},
		{"nothing and all", features{}, protocol.Features(), features{}},
		{"all and all", protocol.Features(), protocol.Features(), protocol.Features()},
		{"some of both, in the draft's order", features{"progress", "ack", "heartbeat"}, features{"heartbeat", "result_chunk", "progress"},
			features{"heartbeat", "progress"}},
		{"named twice", features{"ack", "ack"}, features{"ack"}, features{"ack"}},
		{"unknown to the draft", features{"ack", "x-new"}, features{"x-new", "ack"}, features{"ack"}},
		{"in other letters", features{"ack"}, features{"ACK", "Ack", ""}, features{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, protocol.Intersect(c.ours, c.theirs)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A set behaves like the map of names that it stands for.
func TestClause_6_2_FeatureSets(t *testing.T) {
	t.Parallel()
	names := rapid.SliceOf(rapid.SampledFrom(append(protocol.Features(), "x-new")))
	rapid.Check(t, func(t *rapid.T) {
		a, b := names.Draw(t, "a"), names.Draw(t, "b")
		inA, inB := map[protocol.Feature]bool{}, map[protocol.Feature]bool{}
		for _, name := range a {
			inA[name] = true
		}
		for _, name := range b {
			inB[name] = true
		}
		both := protocol.NewFeatureSet(a...).Intersect(protocol.NewFeatureSet(b...))
		want := features{}
		for _, name := range protocol.Features() {
			if both.Has(name) != (inA[name] && inB[name]) {
				t.Fatalf("%v and %v have %s in common: %v", a, b, name, both.Has(name))
			}
			if inA[name] && inB[name] {
				want = append(want, name)
			}
		}
		if diff := cmp.Diff(want, both.List()); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
		if both.Has("x-new") || both != protocol.NewFeatureSet(want...) {
			t.Fatalf("%v is not the set of %v", both, want)
		}
	})
}
