//go:build race

package job_test

// stride is how many steps the exhaustive walks take at once. A machine has no goroutine, so the race detector learns
// nothing from the whole of them and takes ten times as long; 17 has no factor in common with the number of inputs.
const stride = 17
