package target

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/conformance/internal/process"
	"github.com/arcp-conformance/arcp/conformance/wire"
)

// command is a peer that the suite starts before the run and stops after it.
type command struct {
	spec *Spec

	mu   sync.Mutex
	cmd  *exec.Cmd
	gone chan struct{}
	url  string
	log  process.Tail
}

func (c *command) Spec() *Spec  { return c.spec }
func (c *command) Shared() bool { return true }
func (c *command) Log() string  { return c.log.String() }

// Start runs the command and waits until its address takes connections. Without a URL in the description, the first
// ws:// address that the command prints is taken.
func (c *command) Start(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, c.spec.Ready.Or(20*time.Second))
	defer cancel()
	err := c.start(ctx)
	if err == nil {
		return nil
	}
	_ = c.Stop()
	if said := strings.TrimSpace(c.log.String()); said != "" {
		err = fmt.Errorf("%w; its error output ends: %s", err, lastLine(said))
	}
	return &Unreachable{err}
}

func (c *command) start(ctx context.Context) error {
	port, err := freePort()
	if err != nil {
		return err
	}
	vars := map[string]string{"PORT": port}
	args := make([]string, len(c.spec.Command))
	for i, a := range c.spec.Command {
		args[i] = replace(a, vars)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env, cmd.Dir = append(os.Environ(), environ(c.spec.Env, vars)...), c.spec.Dir
	cmd.Stderr = &c.log
	process.OwnGroup(cmd)
	cmd.WaitDelay = time.Second
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	printed, gone := make(chan string, 1), make(chan struct{})
	go func() {
		watch(out, printed)
		_ = cmd.Wait()
		close(gone)
	}()
	c.mu.Lock()
	c.cmd, c.gone = cmd, gone
	c.mu.Unlock()
	return c.ready(ctx, replace(c.spec.URL, vars), printed, gone)
}

// ready waits for the address to be known, and then to answer.
func (c *command) ready(ctx context.Context, address string, printed <-chan string, gone <-chan struct{}) error {
	if address == "" {
		select {
		case address = <-printed:
		case <-gone:
			return errors.New("the command ended before it printed an address")
		case <-ctx.Done():
			return errors.New("the command printed no ws:// address in time")
		}
	}
	u, err := url.Parse(address)
	if err != nil {
		return err
	}
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", hostPort(u))
		if err == nil {
			_ = conn.Close()
			c.mu.Lock()
			c.url = address
			c.mu.Unlock()
			return nil
		}
		select {
		case <-gone:
			return errors.New("the command ended before it listened")
		case <-ctx.Done():
			return fmt.Errorf("the command did not listen on %s in time", u.Host)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func (c *command) Dial(ctx context.Context) (wire.Conn, error) {
	c.mu.Lock()
	address := c.url
	c.mu.Unlock()
	return dial(ctx, c.spec, address)
}

// Stop asks the command's process group to end, and kills it after the grace.
func (c *command) Stop() error {
	c.mu.Lock()
	cmd, gone := c.cmd, c.gone
	c.cmd = nil
	c.mu.Unlock()
	if cmd != nil {
		process.StopGroup(cmd, gone, c.spec.Grace.Or(5*time.Second))
	}
	return nil
}

var address = regexp.MustCompile(`wss?://[^\s"'<>]+`)

// watch reads what the command prints to its end, so that it never blocks, and hands on the first address.
func watch(out io.Reader, printed chan<- string) {
	lines := bufio.NewReader(out)
	found := false
	for {
		line, err := lines.ReadString('\n')
		if at := address.FindString(line); at != "" && !found {
			found = true
			printed <- at
		}
		if err != nil {
			return
		}
	}
}

func hostPort(u *url.URL) string {
	if u.Port() != "" {
		return u.Host
	}
	if u.Scheme == "wss" {
		return net.JoinHostPort(u.Hostname(), "443")
	}
	return net.JoinHostPort(u.Hostname(), "80")
}

func replace(s string, vars map[string]string) string {
	for name, value := range vars {
		s = strings.ReplaceAll(s, "${"+name+"}", value)
	}
	return s
}

// environ gives NAME=value entries in a fixed order.
func environ(env, vars map[string]string) []string {
	var list []string
	for name, value := range env {
		list = append(list, name+"="+replace(value, vars))
	}
	sort.Strings(list)
	return list
}

// freePort asks the system for a port that nobody listens on. Another process may take it before the peer does; then
// the peer fails to start, which is seen.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

func lastLine(s string) string { return s[strings.LastIndexByte(s, '\n')+1:] }

func randomToken() string { return rand.Text() }
