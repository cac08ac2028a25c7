package main

const (
	streamGo    = "actors/job/stream.go"
	streamingGo = "actors/job/streaming.go"
	endingGo    = "actors/job/ending.go"
)

// numbered is the line that makes a chunk.
const numbered = "chunk := protocol.ResultChunk{ResultID: s.id, ChunkSeq: s.sent, Encoding: s.encoding, More: more}"

// streams is what can be wrong with §8.4.
func streams() []*mutant {
	return []*mutant{
		{name: "more is false on every chunk", clause: "8.4", least: 10, edits: []edit{
			{streamGo, numbered, "chunk := protocol.ResultChunk{ResultID: s.id, ChunkSeq: s.sent, Encoding: s.encoding}"},
		}},
		{name: "more is true on every chunk", clause: "8.4", least: 10, edits: []edit{
			{streamGo, numbered, "chunk := protocol.ResultChunk{ResultID: s.id, ChunkSeq: s.sent, Encoding: s.encoding, More: true}"},
		}},
		{name: "chunks are numbered from 1", clause: "8.4", least: 10, edits: []edit{
			{streamGo, numbered, "chunk := protocol.ResultChunk{ResultID: s.id, ChunkSeq: s.sent + 1, Encoding: s.encoding, More: more}"},
		}},
		{name: "every chunk has a result_id of its own", clause: "8.4", least: 10, edits: []edit{
			{streamGo, numbered, numbered + "\n\tchunk.ResultID = s.id[:len(s.id)-1] + protocol.ResultID(rune('A'+s.sent%20))"},
		}},
		{name: "a chunk may end inside a character", clause: "8.4", least: 5, edits: []edit{
			{streamGo, "if s.encoding == protocol.UTF8 {\n\t\t// §8.4: each chunk decodes", "if false {\n\t\t// §8.4: each chunk decodes"},
		}},
		{name: "the cap cuts inside a character", clause: "8.4", least: 1, edits: []edit{
			{streamGo, "return wholeCharacters(p[:s.maxChunk])", "return s.maxChunk"},
			{"actors/stream.go", "piece := p[written:min(written+s.job.maxChunk, len(p))]", "piece := p[written:]"},
		}},
		{name: "text goes out as base64 and is called utf8", clause: "8.4", least: 10, edits: []edit{
			{streamGo, "chunk.Data = string(p)", "chunk.Data = base64.StdEncoding.EncodeToString(p)"},
		}},
		{name: "result_size is one too many", clause: "8.4", least: 10, warns: true, edits: []edit{
			{endingGo, "size := m.stream.size", "size := m.stream.size + 1"},
		}},
		{name: "a stream without its end is a success", clause: "8.4", least: 3, edits: []edit{
			{endingGo, "case m.stream.state == open:", "case false:"},
		}},
		{name: "inline and streamed are mixed", clause: "8.4", least: 1, edits: []edit{
			{endingGo, "case inline:", "case false && inline:"},
			{endingGo, "ResultID:    m.stream.id,", "ResultID:    m.stream.id,\n\t\tResult:      value,"},
		}},
		{name: "a chunk after the last is let through", clause: "8.4", least: 1, edits: []edit{
			{streamGo, `return invalid("the streamed result has ended")`, "return nil"},
		}},
		{name: "a hole in the numbers is let through", clause: "8.4", least: 1, edits: []edit{
			{streamGo, "case chunk.ChunkSeq != next:", "case chunk.ChunkSeq < next:"},
		}},
		{name: "a chunk of another stream is let through", clause: "8.4", least: 1, edits: []edit{
			{streamGo, "case chunk.ResultID != s.id:", `case chunk.ResultID == "":`},
		}},
		{name: "a chunk has no cap", clause: "14", least: 1, warns: true, edits: []edit{
			{streamGo, "case decoded > int64(s.maxChunk), s.size", "case s.size"},
		}},
		{name: "a chunk over the cap is INVALID_REQUEST", clause: "14", least: 1, warns: true, edits: []edit{
			{streamGo, `func tooLarge() *protocol.Error { return internal(`, `func tooLarge() *protocol.Error { return invalid(`},
		}},
		{name: "chunks go where they were not negotiated", clause: "6.2", least: 1, edits: []edit{
			{streamingGo, "err := t.within(protocol.FeatureResultChunk)\n\tif err == nil {\n\t\terr = t.stream.begin",
				"var err *protocol.Error\n\tif err == nil {\n\t\terr = t.stream.begin"},
		}},
	}
}

// session is what can be wrong with the numbers of a session.
func session() []*mutant {
	return []*mutant{
		{name: "one event_seq is skipped", clause: "8.3", least: 10, edits: []edit{
			{"actors/session/machine.go", "\tt.lastSeq++\n", "\tif t.lastSeq++; t.lastSeq == 3 {\n\t\tt.lastSeq++\n\t}\n"},
		}},
	}
}
