package wire

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"

	"github.com/arcp-conformance/arcp/conformance/internal/process"
)

// Child says how to start a stdio peer; one process is one connection (§4).
type Child struct {
	Command []string
	Env     []string      // added to the suite's own environment, as NAME=value
	Dir     string        // working directory; "" is the suite's own
	Grace   time.Duration // how long the child may take to end once its input is closed; 0 is 2 s
}

// Start runs the child and gives its connection.
func (c Child) Start() (*Pipe, error) {
	if len(c.Command) == 0 {
		return nil, errors.New("no command to start")
	}
	cmd := exec.Command(c.Command[0], c.Command[1:]...)
	cmd.Env, cmd.Dir = append(os.Environ(), c.Env...), c.Dir
	process.OwnGroup(cmd)
	cmd.WaitDelay = time.Second
	p := &Pipe{cmd: cmd, grace: c.Grace, gone: make(chan struct{}), stderr: &process.Tail{}}
	if p.grace == 0 {
		p.grace = 2 * time.Second
	}
	cmd.Stderr = p.stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	// A pipe of our own: Cmd.StdoutPipe would be closed by Wait before the last lines are read.
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	cmd.Stdout = in
	err = cmd.Start()
	_ = in.Close()
	if err != nil {
		_ = out.Close()
		return nil, err
	}
	p.stdin, p.stdout = stdin, out
	p.lines = make(chan line)
	go p.read()
	go func() { p.waitErr = cmd.Wait(); close(p.gone) }()
	return p, nil
}

type line struct {
	data []byte
	err  error
}

// Pipe is the connection to a stdio child: one JSON envelope a line (§4).
type Pipe struct {
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	stdout  *os.File
	stderr  *process.Tail
	lines   chan line
	grace   time.Duration
	writing sync.Mutex
	ending  sync.Once
	gone    chan struct{} // closed when the child has ended
	waitErr error         // set before gone is closed
}

// Stderr is the end of what the child wrote to its error output.
func (p *Pipe) Stderr() string { return p.stderr.String() }

// Send writes data as one line. It blocks while the child does not read its input.
func (p *Pipe) Send(_ context.Context, data []byte) error {
	p.writing.Lock()
	defer p.writing.Unlock()
	buf := make([]byte, 0, len(data)+1)
	buf = append(append(buf, data...), '\n')
	_, err := p.stdin.Write(buf)
	return err
}

// Recv gives the next line that the child wrote.
func (p *Pipe) Recv(ctx context.Context) (Frame, error) {
	select {
	case l, ok := <-p.lines:
		if !ok {
			return Frame{}, p.closed(io.EOF)
		}
		if l.err != nil {
			return Frame{}, p.closed(l.err)
		}
		return Frame{Data: l.data}, nil
	case <-ctx.Done():
		return Frame{}, ctx.Err()
	}
}

// closed waits a moment for the child, whose exit status tells more than the end of its output does.
func (p *Pipe) closed(err error) *Closed {
	select {
	case <-p.gone:
		return &Closed{Code: p.cmd.ProcessState.ExitCode(), Err: errors.Join(err, p.waitErr)}
	case <-time.After(200 * time.Millisecond):
		return &Closed{Code: -1, Err: err}
	}
}

func (p *Pipe) read() {
	defer close(p.lines)
	r := bufio.NewReaderSize(p.stdout, 64<<10)
	for {
		data, err := readLine(r)
		if err != nil && len(data) == 0 {
			if !errors.Is(err, io.EOF) {
				p.deliver(line{err: err})
			}
			return
		}
		if !p.deliver(line{data: data}) || err != nil {
			return
		}
	}
}

// deliver hands one line over, and gives up once the child has ended and nobody reads any more.
func (p *Pipe) deliver(l line) bool {
	select {
	case p.lines <- l:
		return true
	case <-p.gone:
	}
	select { // the last lines of a child that has ended are still of interest for a moment
	case p.lines <- l:
		return true
	case <-time.After(time.Second):
		return false
	}
}

func readLine(r *bufio.Reader) ([]byte, error) {
	var data []byte
	for {
		part, err := r.ReadSlice('\n')
		data = append(data, part...)
		if len(data) > MaxFrame {
			return nil, fmt.Errorf("a line of more than %d bytes", MaxFrame)
		}
		if err == nil || !errors.Is(err, bufio.ErrBufferFull) {
			return bytes.TrimRight(data, "\r\n"), err
		}
	}
}

// Close ends the input, and then, after the grace, the child and all that it started.
func (p *Pipe) Close() error {
	p.ending.Do(func() {
		_ = p.stdin.Close()
		select {
		case <-p.gone:
		case <-time.After(p.grace):
		}
		process.StopGroup(p.cmd, p.gone, p.grace)
		_ = p.stdout.Close()
	})
	return nil
}
