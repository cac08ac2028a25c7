package session

import (
	"slices"

	"github.com/arcp-conformance/arcp/protocol"
)

// shown is what a client may see of credentials. §6.2: nothing, where the feature was not negotiated; the job may have been
// submitted by another session of the principal, where it was.
func (m *Machine) shown(credentials []protocol.Credential) []protocol.Credential {
	if !m.uses(protocol.FeatureProvisionedCredentials) {
		return nil
	}
	return credentials
}

// shownJobs is the same for a listing. The list may be others' too, so it is not changed.
func (m *Machine) shownJobs(jobs []protocol.JobSummary) []protocol.JobSummary {
	if m.uses(protocol.FeatureProvisionedCredentials) {
		return jobs
	}
	jobs = slices.Clone(jobs)
	for i := range jobs {
		jobs[i].Credentials = nil
	}
	return jobs
}
