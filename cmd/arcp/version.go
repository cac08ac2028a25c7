package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"github.com/arcp-conformance/arcp/conformance"
)

// build is what this program knows about itself.
type build struct {
	Version  string `json:"version"`
	Draft    string `json:"draft"` // the version of ARCP
	Go       string `json:"go"`
	Platform string `json:"platform"`
	Revision string `json:"revision,omitempty"` // of the source, where the build noted it
	Modified bool   `json:"modified,omitempty"` // the source differed from the revision
	Time     string `json:"time,omitempty"`     // of the revision
}

// untagged knows the versions that Go makes up for a revision without a tag.
var untagged = regexp.MustCompile(`[-.]\d{14}-[0-9a-f]{12}`)

func thisBuild() build {
	b := build{
		Version: conformance.SuiteVersion + "-dev", Draft: conformance.DraftVersion,
		Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH,
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v, tagged := strings.CutPrefix(info.Main.Version, "v"); tagged && !untagged.MatchString(v) {
		b.Version = v
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			b.Revision = s.Value
		case "vcs.time":
			b.Time = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	return b
}

func newVersion() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Say which version this is",
		Long:  "version says which version this is, which draft it knows, and from which source it was built.",
		Example: `  arcp version
  arcp version --json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), thisBuild())
			}
			return thisBuild().write(cmd.OutOrStdout())
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "as a JSON object")
	return cmd
}

func (b build) write(out io.Writer) error {
	source := "unknown"
	if b.Revision != "" {
		source = strings.TrimSpace(b.Revision + " " + b.Time)
	}
	if b.Modified {
		source += " (modified)"
	}
	_, err := fmt.Fprintf(out, "arcp %s\ndraft    ARCP %s\ngo       %s %s\nrevision %s\n",
		b.Version, b.Draft, strings.TrimPrefix(b.Go, "go"), b.Platform, source)
	return err
}

func writeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
