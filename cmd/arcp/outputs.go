package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/arcp-conformance/arcp/conformance/report"
)

// outputFlags say where reports go and what they look like.
type outputFlags struct {
	json, junit, text string
	color             choice
	verbose, quiet    bool
}

func (o *outputFlags) add(cmd *cobra.Command) {
	flags := cmd.Flags()
	o.color = choice{value: "auto", of: []string{"auto", "always", "never"}}
	flags.StringVar(&o.json, "json", "", "write the report as JSON to a `FILE`; - is stdout")
	flags.StringVar(&o.junit, "junit", "", "write the report as JUnit XML to a `FILE`; - is stdout")
	flags.StringVar(&o.text, "text", "", "write what the terminal shows to a `FILE`, with all frames and no colours")
	flags.BoolVarP(&o.verbose, "verbose", "v", false, "a line for every scenario, and the frames of all that did not pass")
	flags.Var(&o.color, "color", "`auto`, always or never; auto minds NO_COLOR")
	flags.BoolVar(&o.quiet, "no-progress", false, "only the report, nothing while the run goes on")
}

// destination is one place that the report goes to at the end.
type destination struct {
	name  string
	out   io.Writer
	file  *os.File // nil for stdout
	write func(io.Writer, *report.Report) error
}

// outputs is where one run's report goes: to a person, and to the destinations.
type outputs struct {
	terminal     *report.Terminal
	destinations []destination
}

// open finds out before the run whether every report can be written.
func (o *outputFlags) open(cmd *cobra.Command) (*outputs, error) {
	if o.json == "-" && o.junit == "-" {
		return nil, usage("Give one of them a file.", "--json and --junit cannot both go to stdout")
	}
	person := cmd.OutOrStdout()
	if o.json == "-" || o.junit == "-" {
		person = cmd.ErrOrStderr()
	}
	shown := report.TerminalOptions{Verbose: o.verbose, Color: o.colors()}
	if never := false; o.quiet {
		shown.Progress = &never
	}
	all := &outputs{terminal: report.NewTerminal(person, &shown)}
	for _, d := range []destination{
		{name: o.json, write: report.WriteJSON},
		{name: o.junit, write: report.WriteJUnit},
		{name: o.text, write: o.writeText},
	} {
		switch {
		case d.name == "":
			continue
		case d.name == "-":
			d.out = cmd.OutOrStdout()
		default:
			file, err := os.Create(d.name)
			if err != nil {
				all.close()
				return nil, usage("", "a report cannot be written: %w", err)
			}
			d.file, d.out = file, file
		}
		all.destinations = append(all.destinations, d)
	}
	return all, nil
}

// colors is nil where the terminal itself decides.
func (o *outputFlags) colors() *bool {
	if o.color.value == "auto" {
		return nil
	}
	always := o.color.value == "always"
	return &always
}

func (o *outputFlags) writeText(out io.Writer, r *report.Report) error {
	never := false
	kept := &keeper{out: out}
	report.NewTerminal(kept, &report.TerminalOptions{
		Color: &never, Progress: &never, Verbose: o.verbose, Transcripts: -1,
	}).Render(r)
	return kept.err
}

// write writes the report to every destination, whatever happens to the others.
func (o *outputs) write(r *report.Report) error {
	var errs []error
	for _, d := range o.destinations {
		err := d.write(d.out, r)
		if d.file != nil {
			err = errors.Join(err, d.file.Close())
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("the report %s: %w", d.name, err))
		}
	}
	o.destinations = nil
	return errors.Join(errs...)
}

func (o *outputs) close() {
	for _, d := range o.destinations {
		if d.file != nil {
			_ = d.file.Close()
		}
	}
}

// keeper remembers the first error of a writer whose users do not look.
type keeper struct {
	out io.Writer
	err error
}

func (k *keeper) Write(p []byte) (int, error) {
	n, err := k.out.Write(p)
	if k.err == nil {
		k.err = err
	}
	return n, err
}
