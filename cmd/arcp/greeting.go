package main

import (
	"fmt"
	"io"
	"log/slog"
)

// greeting tells whoever started the server how to use it.
type greeting struct {
	list   []bearer
	madeUp bool // the tokens are this process's own, so they have to be told
	log    *slog.Logger
}

// network speaks of a server that listens.
func (g greeting) network(out io.Writer, format, url string) {
	if format == "json" {
		g.log.Info("listening", "url", url, "agents", agents)
		g.tell()
		return
	}
	fmt.Fprintf(out, "arcp %s serves ARCP on %s\nagents: %s\n", thisBuild().Version, url, agents)
	if g.madeUp {
		g.show(out)
		fmt.Fprintf(out, "\nIn another terminal:\n  %s\n", g.tryIt(url))
	}
	fmt.Fprint(out, "\nCtrl-C stops it.\n")
}

// stdio speaks of a server that has one session, and its client on the other end.
func (g greeting) stdio(out io.Writer, format string) {
	if format == "json" {
		g.log.Info("serving stdin and stdout", "agents", agents)
		g.tell()
		return
	}
	fmt.Fprintf(out, "arcp %s serves ARCP on stdin and stdout\nagents: %s\n", thisBuild().Version, agents)
	if g.madeUp {
		g.show(out)
		fmt.Fprintf(out, "\nA client's first line:\n  %s\n", hello(g.list[0].token))
	}
}

// show shows the tokens that were made up.
func (g greeting) show(out io.Writer) {
	fmt.Fprint(out, "\nNo --token was given; these are good until this process ends:\n")
	for _, b := range g.list {
		fmt.Fprintf(out, "  %-6s %s\n", b.principal, b.token)
	}
}

// tell is show for programs.
func (g greeting) tell() {
	if !g.madeUp {
		return
	}
	for _, b := range g.list {
		g.log.Info("token made up for this process", "principal", b.principal, "token", b.token)
	}
}

// tryIt is a command to paste that judges the server.
func (g greeting) tryIt(url string) string {
	return fmt.Sprintf("arcp conformance --url %s --token %s --second-token %s", url, g.list[0].token, g.list[1].token)
}

// hello is the least session.hello that the runtime welcomes (§6.2).
func hello(token string) string {
	return `{"arcp":"1.1","id":"msg_1","type":"session.hello","payload":{"client":{"name":"me","version":"1"},` +
		`"auth":{"scheme":"bearer","token":"` + token + `"},"capabilities":{"encodings":["json"],"features":[]}}}`
}

// agents names what Register of the agents' packages registers.
const agents = "conformance (for the suite), echo, report-builder"
