package main

import (
	"cmp"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"mvdan.cc/sh/v3/shell"

	"github.com/arcp-conformance/arcp/conformance/target"
)

// peerFlags say which peer to judge.
type peerFlags struct {
	file, url, command string
	stdio              bool
	token, second      string
}

func (p *peerFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&p.url, "url", "", "the ws:// or wss:// `URL` of a peer that listens; with --command, where it will")
	flags.StringVar(&p.command, "command", "", "start this `COMMAND` before the run and stop it after; ${PORT} is a free port")
	flags.BoolVar(&p.stdio, "stdio", false, "start the command after -- for each connection, and talk over its stdin and stdout")
	flags.StringVar(&p.file, "target", "", "a YAML `FILE` that describes the peer; flags override it")
	flags.StringVar(&p.token, "token", "", "bearer `TOKEN` of a principal (else $ARCP_TOKEN)")
	flags.StringVar(&p.second, "second-token", "", "bearer `TOKEN` of another principal (else $ARCP_SECOND_TOKEN)")
}

// spec makes the description of the peer: the file's, overridden by the flags, and filled up from the environment.
func (p *peerFlags) spec(args []string) (*target.Spec, error) {
	spec := &target.Spec{}
	if p.file != "" {
		var err error
		if spec, err = target.Load(p.file); err != nil {
			return nil, usage("", "%w", err)
		}
	}
	if err := p.reach(spec, args); err != nil {
		return nil, err
	}
	spec.Tokens.First = cmp.Or(p.token, spec.Tokens.First, os.Getenv("ARCP_TOKEN"))
	spec.Tokens.Second = cmp.Or(p.second, spec.Tokens.Second, os.Getenv("ARCP_SECOND_TOKEN"))
	return spec, nil
}

// reach sets how the peer is reached. A flag that says so replaces all that the file says about it.
func (p *peerFlags) reach(spec *target.Spec, args []string) error {
	switch {
	case p.stdio && len(args) == 0:
		return usage("Put it after two dashes: arcp conformance --stdio -- my-runtime --stdio", "--stdio needs the command of the peer")
	case p.stdio && (p.url != "" || p.command != ""):
		return usage("", "--stdio goes neither with --url nor with --command")
	case !p.stdio && len(args) > 0:
		return usage("A command to start comes as --command '…', or after --stdio --.", "unexpected argument %q", args[0])
	case p.url == "" && p.command == "" && !p.stdio:
		return nil
	}
	spec.URL, spec.Command, spec.Stdio = p.url, nil, nil
	if p.stdio {
		spec.Stdio, spec.Dir = args, ""
		spec.Name = cmp.Or(spec.Name, filepath.Base(args[0])+" over stdio")
	}
	if p.command != "" {
		words, err := split(p.command)
		if err != nil {
			return err
		}
		spec.Command, spec.Dir = words, ""
		spec.Name = cmp.Or(spec.Name, filepath.Base(words[0]))
	}
	return nil
}

// split takes a command line apart as a shell does: quotes, ~ and $NAME, but no pipes, lists or redirections. ${PORT}
// stays for the target to fill in.
func split(line string) ([]string, error) {
	words, err := shell.Fields(line, func(name string) string {
		if name == "PORT" {
			return "${PORT}"
		}
		return os.Getenv(name)
	})
	if err != nil {
		return nil, usage("It is split as in a shell, but no shell runs it. What needs one: --command \"sh -c '…'\"",
			"--command %q: %w", line, err)
	}
	if len(words) == 0 {
		return nil, usage("", "--command is empty")
	}
	return words, nil
}
