package conformance

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/cucumber/godog"

	"github.com/arcp-conformance/arcp/conformance/register"
	"github.com/arcp-conformance/arcp/conformance/report"
	"github.com/arcp-conformance/arcp/conformance/world"
)

// SuiteError is trouble of the suite's own: a scenario without an id, a step that nobody wrote. It accuses no peer.
type SuiteError = world.SuiteError

var (
	idTag    = regexp.MustCompile(`^@arcp-(\d+(?:\.\d+)*)-[0-9]+[a-z]?$`)
	levelTag = regexp.MustCompile(`^@(must|should|may)$`)
	reqTag   = regexp.MustCompile(`^@R\d+(?:\.\d+)*-\d+$`)
)

// suiteCase is one scenario or outline row: what reports say of it, and how godog knows it.
type suiteCase struct {
	report.Scenario
	base string // the id without the row
	key  string // stable between two parses of the same text
}

func (c *suiteCase) has(tag string) bool {
	return slices.Contains(c.Tags, tag)
}

// Cases lists every scenario of files, nil being the suite's own, in order and without verdicts. A scenario without an id, a level or a requirement,
// or with an id that another one has, is a *SuiteError.
func Cases(files fs.FS) ([]report.Scenario, error) {
	if files == nil {
		files = ownScenarios()
	}
	cases, err := loadCases(files)
	list := make([]report.Scenario, len(cases))
	for i, c := range cases {
		list[i] = c.Scenario
	}
	return list, err
}

func loadCases(files fs.FS) ([]*suiteCase, error) {
	suite := godog.TestSuite{Options: &godog.Options{FS: files, Paths: []string{"."}}}
	features, err := suite.RetrieveFeatures()
	if err != nil {
		return nil, &SuiteError{Err: err}
	}
	var cases []*suiteCase
	var errs []error
	for _, f := range features {
		for _, p := range f.Pickles {
			c, err := newCase(f.Feature.Name, p)
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %q: %w", p.Uri, p.Name, err))
			}
			cases = append(cases, c)
		}
	}
	errs = append(errs, numberRows(cases)...)
	if len(errs) > 0 {
		return nil, &SuiteError{Err: errors.Join(errs...)}
	}
	sort.SliceStable(cases, func(i, j int) bool { return sectionLess(cases[i].Section, cases[j].Section) })
	return cases, nil
}

// caseKey names a pickle in the same way in every parse: godog counts its ids anew each time.
func caseKey(p *godog.Scenario) string { return p.Uri + " " + strings.Join(p.AstNodeIds, "+") }

func newCase(feature string, p *godog.Scenario) (*suiteCase, error) {
	c := &suiteCase{key: caseKey(p)}
	c.Name, c.Feature, c.File = p.Name, feature, path.Base(p.Uri)
	for _, tag := range p.Tags {
		if err := c.tag(tag.Name); err != nil {
			return c, err
		}
	}
	switch {
	case c.base == "":
		return c, errors.New("no id tag (@arcp-<section>-<number>)")
	case c.Level == "":
		return c, errors.New("no level tag (@must, @should or @may)")
	case len(c.Requirements) == 0:
		return c, errors.New("no requirement tag (@R...)")
	case len(p.Steps) == 0:
		return c, errors.New("no steps")
	}
	return c, nil
}

func (c *suiteCase) tag(tag string) error {
	name := strings.TrimPrefix(tag, "@")
	switch {
	case idTag.MatchString(tag):
		if c.base != "" && c.base != name {
			return fmt.Errorf("two ids, %s and %s", c.base, name)
		}
		c.base, c.ID, c.Section = name, name, idTag.FindStringSubmatch(tag)[1]
	case levelTag.MatchString(tag):
		if c.Level != "" && c.Level != name {
			return fmt.Errorf("two levels, %s and %s", c.Level, name)
		}
		c.Level = name
	case reqTag.MatchString(tag):
		if _, ok := register.Lookup(name); !ok {
			return fmt.Errorf("no requirement %s in the register", name)
		}
		c.Requirements = append(c.Requirements, name)
	case strings.HasPrefix(tag, "@feature:"):
		c.Needs = append(c.Needs, strings.TrimPrefix(tag, "@feature:"))
	default:
		c.Tags = append(c.Tags, name)
	}
	return nil
}

// numberRows gives the rows of an outline ids of their own, and finds ids that two scenarios share.
func numberRows(cases []*suiteCase) []error {
	rows := map[string][]*suiteCase{}
	for _, c := range cases {
		rows[c.base] = append(rows[c.base], c)
	}
	var errs []error
	for _, c := range cases {
		list := rows[c.base]
		if len(list) < 2 || list[0] != c {
			continue
		}
		for i, row := range list {
			row.ID = fmt.Sprintf("%s/%d", c.base, i+1)
			if scenarioNode(row.key) != scenarioNode(c.key) {
				errs = append(errs, fmt.Errorf("the id %s stands at two scenarios: %q and %q", c.base, c.Name, row.Name))
			}
		}
	}
	return errs
}

// scenarioNode is the part of a key that names the scenario and not the row.
func scenarioNode(key string) string {
	node, _, _ := strings.Cut(key, "+")
	return node
}

// sectionLess orders sections as numbers: 6.2 before 6.10 before 12.
func sectionLess(a, b string) bool {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := 0; i < len(x) && i < len(y); i++ {
		if x[i] != y[i] {
			return len(x[i]) < len(y[i]) || len(x[i]) == len(y[i]) && x[i] < y[i]
		}
	}
	return len(x) < len(y)
}
