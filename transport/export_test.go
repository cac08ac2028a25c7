package transport

// For tests that need a carrier with options of their own, or a network inside a bubble.
var (
	PipeWith    = pipe
	DialThrough = dial
	Defaults    = (*Options).withDefaults
)
