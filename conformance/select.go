package conformance

import (
	"fmt"
	"slices"
	"strings"
)

// UsageError says that a request to the suite makes no sense, such as a selection that matches nothing.
type UsageError struct{ Reason string }

func (u *UsageError) Error() string { return u.Reason }

// Selection narrows the scenarios. Within one list any entry may match; all lists that are not empty must match.
type Selection struct {
	IDs          []string // "arcp-9.6-03" (all rows of an outline) or "arcp-9.6-03/2"
	Sections     []string // "9.6", or "9" with all below it; a leading sign is allowed
	Tags         []string // any tag, with or without the leading @
	Levels       []string // must, should, may
	Requirements []string // "R9.6-3"
	Features     []string // feature flags that the scenario needs
}

// choose gives the cases that match. An entry that matches no case at all, and a selection that leaves none, are a
// *UsageError: a misspelt name must not look like a success.
func (s Selection) choose(all []*suiteCase) ([]*suiteCase, error) {
	type filter struct {
		name    string
		entries []string
		match   func(c *suiteCase, entry string) bool
	}
	filters := []filter{
		{"id", s.IDs, func(c *suiteCase, e string) bool { return c.ID == e || c.base == e }},
		{"section", s.Sections, inSection},
		{"tag", s.Tags, hasTag},
		{"level", s.Levels, func(c *suiteCase, e string) bool { return c.Level == strings.ToLower(e) }},
		{"requirement", s.Requirements, func(c *suiteCase, e string) bool { return slices.Contains(c.Requirements, e) }},
		{"feature", s.Features, func(c *suiteCase, e string) bool { return slices.Contains(c.Needs, e) }},
	}
	chosen := all
	for _, f := range filters {
		if len(f.entries) == 0 {
			continue
		}
		used := map[string]bool{}
		for _, c := range all {
			for _, e := range f.entries {
				used[e] = used[e] || f.match(c, clean(e))
			}
		}
		for _, e := range f.entries {
			if !used[e] {
				return nil, &UsageError{fmt.Sprintf("no scenario has the %s %q", f.name, e)}
			}
		}
		var kept []*suiteCase
		for _, c := range chosen {
			for _, e := range f.entries {
				if f.match(c, clean(e)) {
					kept = append(kept, c)
					break
				}
			}
		}
		chosen = kept
	}
	if len(chosen) == 0 {
		return nil, &UsageError{"the selection matches no scenario"}
	}
	return chosen, nil
}

// clean takes off the signs that people put before sections and tags.
func clean(entry string) string {
	return strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(entry), "@"), "§")
}

func inSection(c *suiteCase, section string) bool {
	return c.Section == section || strings.HasPrefix(c.Section, section+".")
}

func hasTag(c *suiteCase, tag string) bool {
	if name, ok := strings.CutPrefix(tag, "feature:"); ok {
		return slices.Contains(c.Needs, name)
	}
	return c.has(tag) || c.Level == tag || c.base == tag || slices.Contains(c.Requirements, tag)
}
