package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/arcp-conformance/arcp/actors"
)

// serveNetwork listens, says where, and serves until ctx ends.
func (f *serveFlags) serveNetwork(ctx context.Context, cmd *cobra.Command, rt *actors.Runtime, hello greeting) error {
	listener, err := f.open(ctx)
	if err != nil {
		return err
	}
	handler := http.NewServeMux()
	handler.Handle("/arcp", rt.Handler())
	handler.Handle("/{$}", rt.Handler())
	server := &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second,
		ErrorLog: slog.NewLogLogger(hello.log.Handler(), slog.LevelWarn),
	}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	url := address(listener.Addr())
	// The URL is the one thing on stdout: whoever started this reads it there.
	if _, err := fmt.Fprintln(cmd.OutOrStdout(), url); err != nil {
		return &failure{status: exitNotServed, err: errors.Join(err, listener.Close())}
	}
	if host, _, _ := net.SplitHostPort(f.listen); !loopback(host) {
		hello.log.Warn("other machines reach this, and bearer tokens travel in clear text: put something that speaks TLS in front")
	}
	hello.network(cmd.ErrOrStderr(), f.logFormat.value, url)
	if err := server.Serve(listener); err != nil && ctx.Err() == nil {
		return &failure{status: exitNotServed, err: err}
	}
	return nil
}

// checkListen refuses an address that other machines reach, unless it is told that they may.
func (f *serveFlags) checkListen() error {
	host, _, err := net.SplitHostPort(f.listen)
	switch {
	case err != nil:
		return usage("It is host:port, as in 127.0.0.1:7777.", "--listen %q is no address", f.listen)
	case !loopback(host) && !f.allowRemote:
		return usage("Listen on 127.0.0.1, or say --allow-remote and put something that speaks TLS in front.",
			"--listen %s would take bearer tokens in clear text from other machines", f.listen)
	}
	return nil
}

func (f *serveFlags) open(ctx context.Context) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", f.listen)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		host, _, _ := net.SplitHostPort(f.listen)
		next := fmt.Sprintf("Is another 'arcp serve' running? --listen %s takes any free port.", net.JoinHostPort(host, "0"))
		return nil, &failure{exitNotServed, err, next}
	case err != nil:
		return nil, &failure{status: exitNotServed, err: err}
	}
	return listener, nil
}

// loopback says whether only this machine reaches the host. A name other than localhost may mean anything.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// address is the URL under which this machine reaches the listener.
func address(at net.Addr) string {
	host, port, err := net.SplitHostPort(at.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return "ws://" + net.JoinHostPort("127.0.0.1", port) + "/arcp"
	}
	return "ws://" + at.String() + "/arcp"
}
