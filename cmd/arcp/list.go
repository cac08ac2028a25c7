package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/arcp-conformance/arcp/conformance"
	"github.com/arcp-conformance/arcp/conformance/register"
	"github.com/arcp-conformance/arcp/conformance/report"
)

// listFlags are what `arcp conformance list` takes.
type listFlags struct {
	choose       conformance.Selection
	requirements bool
	json         bool
}

func newList() *cobra.Command {
	f := &listFlags{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show the scenarios, or the requirements that they check",
		Long: `list shows every scenario: its id, level and section, the rows of the register that it checks, what it
needs of the peer (features; @two is a second principal, @shared two connections to one runtime), and
its name. With --requirements it shows the register the other way round: every requirement of the draft
with the scenarios that check it, those without one included.

` + selectionHelp,
		Example: `  arcp conformance list --section 9
  arcp conformance list --feature cost.budget --level must
  arcp conformance list --requirements
  arcp conformance list --json | jq -r '.[].id'`,
		Args: noArgs,
		RunE: f.run,
	}
	selectionFlags(cmd, &f.choose)
	cmd.Flags().BoolVar(&f.requirements, "requirements", false, "the requirements, with their scenarios")
	cmd.Flags().BoolVar(&f.json, "json", false, "as a JSON array")
	return cmd
}

func (f *listFlags) run(cmd *cobra.Command, _ []string) error {
	scenarios, err := conformance.Selected(nil, f.choose)
	if err != nil {
		return refused(err)
	}
	out := cmd.OutOrStdout()
	switch {
	case f.requirements && f.json:
		return writeJSON(out, f.rows(scenarios))
	case f.requirements:
		return writeRows(out, f.rows(scenarios))
	case f.json:
		return writeJSON(out, listed(scenarios))
	}
	return writeScenarios(out, scenarios)
}

// listedScenario is a scenario without what only a run can say.
type listedScenario struct {
	ID           string   `json:"id"`
	Level        string   `json:"level"`
	Section      string   `json:"section"`
	Requirements []string `json:"requirements"`
	Needs        []string `json:"needs"`
	Tags         []string `json:"tags"`
	Name         string   `json:"name"`
	Feature      string   `json:"feature"`
	File         string   `json:"file"`
}

func listed(scenarios []report.Scenario) []listedScenario {
	list := make([]listedScenario, 0, len(scenarios))
	for _, s := range scenarios {
		list = append(list, listedScenario{
			s.ID, s.Level, s.Section, s.Requirements, append([]string{}, s.Needs...), append([]string{}, s.Tags...),
			s.Name, s.Feature, s.File,
		})
	}
	return list
}

func writeScenarios(out io.Writer, scenarios []report.Scenario) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tLEVEL\tSECTION\tREQUIREMENTS\tNEEDS\tNAME")
	for _, s := range scenarios {
		needs := append([]string{}, s.Needs...)
		for _, tag := range s.Tags {
			needs = append(needs, "@"+tag)
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", s.ID, s.Level, s.Section, strings.Join(s.Requirements, ","),
			cmp.Or(strings.Join(needs, ","), "-"), s.Name)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\n%d scenarios\n", len(scenarios))
	return err
}

// listedRow is a row of the register and who checks it.
type listedRow struct {
	register.Requirement
	Scenarios []string `json:"scenarios"`
}

// rows gives all rows of the register, or those that the selected scenarios check.
func (f *listFlags) rows(scenarios []report.Scenario) []listedRow {
	checkedBy := map[string][]string{}
	for _, s := range scenarios {
		for _, id := range s.Requirements {
			checkedBy[id] = append(checkedBy[id], s.ID)
		}
	}
	c := f.choose
	narrowed := len(slices.Concat(c.IDs, c.Sections, c.Tags, c.Levels, c.Requirements, c.Features)) > 0
	list := []listedRow{}
	for _, r := range register.All() {
		if by := checkedBy[r.ID]; len(by) > 0 || !narrowed {
			list = append(list, listedRow{r, append([]string{}, by...)})
		}
	}
	return list
}

func writeRows(out io.Writer, rows []listedRow) error {
	without := 0
	var text strings.Builder
	for _, r := range rows {
		by := strings.Join(outlines(r.Scenarios), ", ")
		if by == "" {
			without++
			by = "no scenario"
		}
		fmt.Fprintf(&text, "%-8s %-8s %s\n%18s%s\n", r.ID, r.Level, r.Statement, "", by)
	}
	fmt.Fprintf(&text, "\n%d requirements: %d with a scenario, %d without\n", len(rows), len(rows)-without, without)
	_, err := io.WriteString(out, text.String())
	return err
}

// outlines names the rows of an outline once, with their number.
func outlines(ids []string) []string {
	var names []string
	count := map[string]int{}
	for _, id := range ids {
		name, _, _ := strings.Cut(id, "/")
		if count[name]++; count[name] == 1 {
			names = append(names, name)
		}
	}
	for i, name := range names {
		if n := count[name]; n > 1 {
			names[i] = fmt.Sprintf("%s (%d rows)", name, n)
		}
	}
	return names
}
