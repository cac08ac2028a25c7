package protocol

import "slices"

// Features returns the features of §6.2 in the draft's order.
func Features() []Feature {
	return []Feature{
		FeatureHeartbeat, FeatureAck, FeatureListJobs, FeatureSubscribe, FeatureLeaseExpiresAt, FeatureCostBudget,
		FeatureModelUse, FeatureProvisionedCredentials, FeatureProgress, FeatureResultChunk, FeatureAgentVersions,
	}
}

// FeatureSet is a set of the draft's features. The zero value is the empty set. It is a
// plain value: == compares two sets.
type FeatureSet struct{ bits uint16 }

// NewFeatureSet returns the set of the features named. §6.2 (choice): a name that the
// draft does not know is ignored, because a newer peer may name it.
func NewFeatureSet(names ...Feature) FeatureSet {
	var set FeatureSet
	for i, known := range Features() {
		if slices.Contains(names, known) {
			set.bits |= 1 << i
		}
	}
	return set
}

// Intersect returns what is in both sets: what two peers may use (§6.2).
func (s FeatureSet) Intersect(other FeatureSet) FeatureSet {
	return FeatureSet{s.bits & other.bits}
}

// Has says whether the feature is in the set.
func (s FeatureSet) Has(feature Feature) bool {
	i := slices.Index(Features(), feature)
	return i >= 0 && s.bits&(1<<i) != 0
}

// List returns the features of the set in the draft's order, never nil: the empty set
// has an empty list on the wire.
func (s FeatureSet) List() []Feature {
	return slices.DeleteFunc(Features(), func(f Feature) bool { return !s.Has(f) })
}

// Intersect returns the features that both lists name and the draft knows, in the
// draft's order (§6.2).
func Intersect(ours, theirs []Feature) []Feature {
	return NewFeatureSet(ours...).Intersect(NewFeatureSet(theirs...)).List()
}
