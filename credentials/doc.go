// Package credentials provisions short-lived credentials to paid upstreams on behalf of jobs, and takes them back (§9.8).
//
// An embedder writes a [Provisioner] for its upstream: how to mint a credential within a lease, and how to revoke one.
// An [Issuer] does the rest, which is the same for every upstream:
//
//	             Reserve, or when Issue returns        the upstream says so
//	(unknown) ------------------------------> outstanding ---------------> revoked
//	                 Ledger.Add                 |     ^     Ledger.Done
//	                                            +-----+
//	                              revocation failed: backoff, later again
//
// What is outstanding stands in a [Ledger] before anybody sees its value, so that a crash at any moment leaves no spending
// authority behind that the next start does not revoke (§14). What could not be revoked after all attempts is reported and
// stays outstanding. The ledger has handles, never values.
//
// The package knows upstreams, time and failures. It does not know jobs beyond their names, nor the wire.
package credentials
