//go:build !unix

package process

import (
	"os/exec"
	"time"
)

// OwnGroup does nothing where there are no process groups.
func OwnGroup(*exec.Cmd) {}

// StopGroup kills the child; what the child started is left to it.
func StopGroup(cmd *exec.Cmd, gone <-chan struct{}, _ time.Duration) {
	_ = cmd.Process.Kill()
	<-gone
}
