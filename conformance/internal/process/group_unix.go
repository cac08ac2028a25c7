//go:build unix

package process

import (
	"os/exec"
	"syscall"
	"time"
)

// OwnGroup puts the child into a process group of its own, so that what it starts ends with it.
func OwnGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// StopGroup asks the child's group to end, waits for the grace, and then kills what is left of it.
func StopGroup(cmd *exec.Cmd, gone <-chan struct{}, grace time.Duration) {
	select {
	case <-gone:
	default:
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-gone:
		case <-time.After(grace):
		}
	}
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
	<-gone
}
