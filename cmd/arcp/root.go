package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "arcp",
		Short: "Conformance suite and runtime for ARCP 1.1, the Agent Runtime Control Protocol",
		Long: `arcp tells whether an ARCP runtime obeys the draft, and serves a runtime that does.

The suite speaks to any implementation, in any language, over its wire: by URL, by a command that it
starts, or over stdio. Without a peer it judges the runtime inside this program.`,
		Example: `  arcp conformance                                  judge the runtime inside
  arcp conformance --url ws://127.0.0.1:7777/arcp   judge a peer that listens
  arcp serve                                        be a peer to try things with`,
		Args:                       noArgs,
		DisableFlagsInUseLine:      true,
		RunE:                       func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		SilenceErrors:              true,
		SilenceUsage:               true,
		SuggestionsMinimumDistance: 2,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newConformance(), newServe(), newVersion())
	return root
}

// noArgs refuses arguments, and names the command that may have been meant.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if !cmd.HasAvailableSubCommands() {
		return fmt.Errorf("'%s' takes no argument, and got %q", cmd.CommandPath(), args[0])
	}
	cmd.SuggestionsMinimumDistance = 2
	meant := ""
	if names := cmd.SuggestionsFor(args[0]); len(names) > 0 {
		meant = "; did you mean " + strings.Join(names, " or ") + "?"
	}
	return fmt.Errorf("there is no command '%s %s'%s", cmd.CommandPath(), args[0], meant)
}

// flagError names the flag that may have been meant.
func flagError(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() != "" {
		return err
	}
	name, best := unknown.GetSpecifiedName(), ""
	nearest := len(name)/3 + 2
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		d := distance(name, f.Name)
		if strings.HasPrefix(f.Name, name) {
			d = 1
		}
		if d < nearest && !f.Hidden {
			nearest, best = d, f.Name
		}
	})
	if best == "" {
		return err
	}
	return fmt.Errorf("%w; did you mean --%s?", err, best)
}

// distance is how many letters have to be put in, taken out or changed to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, row[j]+1, corner+1)
		}
	}
	return row[len(b)]
}
