package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/agents/demo"
	"github.com/arcp-conformance/arcp/agents/scripted"
	"github.com/arcp-conformance/arcp/auth"
	"github.com/arcp-conformance/arcp/protocol"
	"github.com/arcp-conformance/arcp/transport"
)

// serveFlags are what `arcp serve` takes.
type serveFlags struct {
	listen      string
	allowRemote bool
	stdio       bool
	tokens      []string
	tokenFile   string
	heartbeat   time.Duration
	window      time.Duration
	grace       time.Duration
	logLevel    choice
	logFormat   choice
}

// exitNotServed is the status of a server that could not do what it should. Its other statuses are 0 and those of
// exit.go.
const exitNotServed = 1

func newServe() *cobra.Command {
	f := &serveFlags{
		logLevel:  choice{value: "info", of: []string{"debug", "info", "warn", "error"}},
		logFormat: choice{value: "text", of: []string{"text", "json"}},
	}
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Be an ARCP runtime, over WebSocket or stdio",
		Long: `serve is an ARCP runtime with two demo agents, echo and report-builder, and the agent "conformance" that
the suite directs. It needs no flag: it listens on the loopback interface, makes up a bearer token for
each of two principals, and says on stderr how to use them.

Once it listens, its first and only line on stdout is the URL; all else goes to stderr.

Tokens: --token principal=token is seen by other users of the machine; --token-file, with one such
line for each, is not. Tokens travel in clear text, so an address beyond this machine needs
--allow-remote, and something in front of it that speaks TLS.

--stdio serves one session over stdin and stdout, a JSON envelope a line, for a client that starts the
command itself. That client says hello with a bearer token too: give one by --token-file or --token.

SIGINT or SIGTERM: no new jobs, the running ones are stopped and get --grace to end; a second signal ends
at once. Exit status: 0 ended as asked, with nothing left; 1 it could not listen, or cut something off; 2 the
request makes no sense; 130 a second signal.`,
		Example: `  arcp serve
  arcp serve --listen 127.0.0.1:0 --token-file tokens.txt --log-format json
  arcp serve --stdio --token-file tokens.txt
  arcp serve --listen 127.0.0.1:0 --token alice=s3cret > url.txt &     # in a script: the URL is in the file`,
		Args: noArgs,
		RunE: f.run,
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.listen, "listen", "127.0.0.1:7777", "listen on `HOST:PORT`; port 0 is any free one")
	flags.BoolVar(&f.allowRemote, "allow-remote", false, "listen beyond the loopback interface, although tokens travel in clear text")
	flags.BoolVar(&f.stdio, "stdio", false, "serve one session over stdin and stdout instead")
	flags.StringArrayVar(&f.tokens, "token", nil, "a `PRINCIPAL=TOKEN` that may open sessions; repeatable")
	flags.StringVar(&f.tokenFile, "token-file", "", "a `FILE` with a line principal=token for each; # begins a remark")
	flags.DurationVar(&f.heartbeat, "heartbeat", 30*time.Second, "beat after `30s` of silence; whole seconds")
	flags.DurationVar(&f.window, "resume-window", 10*time.Minute, "a session outlives its connection by `10m`; whole seconds")
	flags.DurationVar(&f.grace, "grace", 10*time.Second, "give the end up to `10s`")
	flags.Var(&f.logLevel, "log-level", "debug, `info`, warn or error")
	flags.Var(&f.logFormat, "log-format", "`text` or json")
	return cmd
}

func (f *serveFlags) run(cmd *cobra.Command, _ []string) error {
	if f.heartbeat < time.Second || f.window < time.Second || f.grace < 0 {
		return usage("", "--heartbeat and --resume-window are a second or more, --grace is not negative")
	}
	if f.stdio && (cmd.Flags().Changed("listen") || f.allowRemote) {
		return usage("", "--stdio listens nowhere: it goes neither with --listen nor with --allow-remote")
	}
	list, madeUp, err := bearers(f.tokens, f.tokenFile)
	if err != nil {
		return err
	}
	if err := f.checkListen(); err != nil {
		return err
	}
	log := f.logger(cmd)
	rt, err := f.runtime(log, list)
	if err != nil {
		return &failure{status: exitNotServed, err: err}
	}
	ctx, stop := untilSignal(cmd.Context(), func() {
		log.Info("stopping: no new jobs, running ones are stopped; a second signal ends at once", "grace", f.grace.String())
	}, func() { os.Exit(exitInterrupted) })
	defer stop()
	if f.stdio {
		err = f.serveStdio(ctx, cmd, rt, greeting{list: list, madeUp: madeUp, log: log})
	} else {
		err = f.serveNetwork(ctx, cmd, rt, greeting{list: list, madeUp: madeUp, log: log})
	}
	if ended := f.end(rt, log); err == nil {
		err = ended
	}
	return err
}

// logger writes to the error stream.
func (f *serveFlags) logger(cmd *cobra.Command) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(f.logLevel.value)) // a choice has only names that slog knows
	opts := &slog.HandlerOptions{Level: level}
	if f.logFormat.value == "json" {
		return slog.New(slog.NewJSONHandler(cmd.ErrOrStderr(), opts))
	}
	return slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), opts))
}

func (f *serveFlags) runtime(log *slog.Logger, list []bearer) (*actors.Runtime, error) {
	known, err := auth.Tokens(principals(list))
	if err != nil {
		return nil, err
	}
	rt, err := actors.New(&actors.Config{
		Authenticator: known,
		Runtime:       protocol.Peer{Name: "arcp", Version: thisBuild().Version},
		Logger:        log, HeartbeatInterval: f.heartbeat, ResumeWindow: f.window,
	})
	if err != nil {
		return nil, err
	}
	return rt, errors.Join(scripted.Register(rt), demo.Register(rt))
}

// end shuts the runtime down and says what was left.
func (f *serveFlags) end(rt *actors.Runtime, log *slog.Logger) error {
	ctx, cancel := context.WithTimeout(context.Background(), f.grace)
	defer cancel()
	err := rt.Shutdown(ctx)
	var left *actors.Left
	switch {
	case errors.As(err, &left):
		return &failure{exitNotServed, fmt.Errorf("the grace of %s is over: %d jobs and %d connections were cut off",
			f.grace, left.Jobs, left.Connections), ""}
	case err != nil:
		return &failure{status: exitNotServed, err: err}
	}
	log.Info("stopped: no job and no connection is left")
	return nil
}

// serveStdio serves the one session of a client that started this process, until the client ends its input (§4) or a signal
// comes; then the end of the runtime ends the session in order.
func (f *serveFlags) serveStdio(ctx context.Context, cmd *cobra.Command, rt *actors.Runtime, hello greeting) error {
	hello.stdio(cmd.ErrOrStderr(), f.logFormat.value)
	served := make(chan error, 1)
	go func() {
		served <- rt.ServeConn(context.WithoutCancel(ctx), transport.Stdio(cmd.InOrStdin(), cmd.OutOrStdout(), nil))
	}()
	select {
	case err := <-served:
		if err != nil {
			return &failure{status: exitNotServed, err: fmt.Errorf("the connection broke: %w", err)}
		}
	case <-ctx.Done():
	}
	return nil
}
