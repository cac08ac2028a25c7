package session

import (
	"slices"
	"time"

	"github.com/arcp-conformance/arcp/protocol"
)

// Config says what the runtime offers in its welcome. A nil *Config is all defaults.
type Config struct {
	// Runtime names the runtime (§6.2). The zero value is arcp 0.0.0.
	Runtime protocol.Peer
	// Features are those to advertise. Nil means all that this package serves, and
	// those that it does not serve are left out.
	Features []protocol.Feature
	// Provisions says that the runtime can issue credentials (§9.8), and surely revoke them: without it the feature is not
	// served (§14).
	Provisions bool
	// Agents is the inventory (§6.2), against which job.submit is resolved (§7.5).
	Agents []protocol.Agent
	// HeartbeatInterval is rounded up to whole seconds, the wire's unit (§6.2).
	// Zero means 30 s.
	HeartbeatInterval time.Duration
	// ResumeWindow is how long a session outlives its connection, rounded up to
	// whole seconds. Zero means 600 s.
	ResumeWindow time.Duration
	// HandshakeTimeout bounds the time from the connection to the welcome.
	// Zero means 10 s.
	HandshakeTimeout time.Duration
	// BufferEvents and BufferBytes bound what is kept for a resume (§6.3). Zero means 8192 events and 16 MiB.
	BufferEvents int
	BufferBytes  int64
	// BackPressureLag is how many events a client that acknowledges may be behind before it is told (§6.5). Zero means
	// 256.
	BackPressureLag int
}

// ServedFeatures returns the features that a session can negotiate (§6.2). With Config.Provisions there is
// provisioned_credentials besides.
func ServedFeatures() []protocol.Feature {
	return slices.DeleteFunc(protocol.Features(), func(f protocol.Feature) bool {
		return f == protocol.FeatureProvisionedCredentials
	})
}

func (c *Config) withDefaults() Config {
	var filled Config
	if c != nil {
		filled = *c
	}
	if filled.Runtime == (protocol.Peer{}) {
		filled.Runtime = protocol.Peer{Name: "arcp", Version: "0.0.0"}
	}
	served := ServedFeatures()
	if filled.Provisions {
		served = append(served, protocol.FeatureProvisionedCredentials)
	}
	if filled.Features == nil {
		filled.Features = served
	}
	// §6.2: what is not served is not advertised.
	filled.Features = both(filled.Features, served)
	filled.HeartbeatInterval = wholeSeconds(filled.HeartbeatInterval, 30*time.Second)
	filled.ResumeWindow = wholeSeconds(filled.ResumeWindow, 600*time.Second)
	if filled.HandshakeTimeout <= 0 {
		filled.HandshakeTimeout = 10 * time.Second
	}
	if filled.BufferEvents <= 0 {
		filled.BufferEvents = 8192
	}
	if filled.BufferBytes <= 0 {
		filled.BufferBytes = 16 << 20
	}
	if filled.BackPressureLag <= 0 {
		filled.BackPressureLag = 256
	}
	return filled
}

// wholeSeconds rounds up, so that what the welcome says is never more than what holds.
func wholeSeconds(d, fallback time.Duration) time.Duration {
	if d <= 0 {
		return fallback
	}
	return (d + time.Second - 1).Truncate(time.Second)
}

// both returns the features of the first list that are in the second, in the order of
// the first and each once.
func both(first, second []protocol.Feature) []protocol.Feature {
	common := make([]protocol.Feature, 0, len(first))
	for _, feature := range first {
		if slices.Contains(second, feature) && !slices.Contains(common, feature) {
			common = append(common, feature)
		}
	}
	return common
}
