// Package upstream is a paid service for tests: it mints tokens with a spend cap, a list of models and an end, holds their
// bearers to them, and can fail. [Provisioner] is how a runtime gets its tokens (§9.8).
package upstream
