//go:build !race

package job_test

// stride is how many steps the exhaustive walks take at once: all of them, one by one.
const stride = 1
