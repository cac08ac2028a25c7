package report

// Section is a part of a report: the scenarios of one clause group of the draft.
type Section struct {
	Number    string
	Title     string // of the feature file: "§9.6 Budget capability"
	Scenarios []Scenario
}

// Sections groups the scenarios by section, in the order in which they stand in the report.
func (r *Report) Sections() []Section {
	var list []Section
	index := map[string]int{}
	for _, s := range r.Scenarios {
		i, ok := index[s.Section]
		if !ok {
			i = len(list)
			index[s.Section] = i
			list = append(list, Section{Number: s.Section, Title: s.Feature})
		}
		list[i].Scenarios = append(list[i].Scenarios, s)
	}
	return list
}

// Count is how many of the section's scenarios have each verdict.
func (s Section) Count() map[Verdict]int {
	counts := map[Verdict]int{}
	for _, sc := range s.Scenarios {
		counts[sc.Verdict]++
	}
	return counts
}
