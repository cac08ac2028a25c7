package main

import (
	"github.com/spf13/cobra"

	"github.com/arcp-conformance/arcp/conformance"
)

// selectNext is what to do about a selection that names nothing.
const selectNext = "'arcp conformance list' shows every scenario with its id, level, requirements and needs."

// selectionFlags adds the flags that choose scenarios to cmd.
func selectionFlags(cmd *cobra.Command, s *conformance.Selection) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringSliceVar(&s.IDs, "id", nil, "only these scenarios: `arcp-9.6-03`, or one row of it: arcp-9.6-03/2")
	flags.StringSliceVar(&s.Sections, "section", nil, "only these sections of the draft, and what is below them: `9.6`")
	flags.StringSliceVar(&s.Levels, "level", nil, "only `must`, should or may")
	flags.StringSliceVar(&s.Requirements, "requirement", nil, "only what checks these requirements: `R9.6-3`")
	flags.StringSliceVar(&s.Features, "feature", nil, "only what needs these features: `cost.budget`")
	flags.StringSliceVar(&s.Tags, "tag", nil, "only what has these tags: `two`")
}

// selectionHelp explains them once for both commands.
const selectionHelp = `Flags that choose scenarios can be repeated and take commas. Within one flag any entry may match;
different flags must all match. An entry that matches nothing is an error, so that a misspelt name
never looks like a success.`
