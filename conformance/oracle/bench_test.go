package oracle_test

import (
	"fmt"
	"testing"

	"github.com/arcp-conformance/arcp/conformance/oracle"
)

// BenchmarkJudge shows the price of a message: it should not grow with the length of the transcript.
func BenchmarkJudge(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		events := make([]string, 0, 2*n)
		for i := 1; i <= n; i++ {
			events = append(events, "0.00000015", fmt.Sprintf("=0.%08d", 15*(n-i)))
		}
		messages := transcript(b, bill(fmt.Sprintf("0.%08d", 15*n), events...))
		b.Run(fmt.Sprint(len(messages)), func(b *testing.B) {
			for b.Loop() {
				if j := oracle.Judge(messages, nil); len(j.Findings) > 0 {
					b.Fatal(j.Findings[0])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(messages)), "ns/message")
		})
	}
}
