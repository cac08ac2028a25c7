package scripted

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"

	"github.com/arcp-conformance/arcp/actors"
	"github.com/arcp-conformance/arcp/protocol"
)

func (p *play) resultID() protocol.ResultID {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.result
}

func (p *play) opened() *actors.Stream {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.stream
}

func (p *play) openStream(ctx context.Context, _ scope, s *step) *ending {
	encoding := protocol.Encoding(s.Encoding)
	if encoding == "" {
		encoding = protocol.UTF8
	}
	stream, err := p.job.Stream(ctx, encoding)
	if err == nil {
		p.mu.Lock()
		p.stream, p.result = stream, stream.ID()
		p.mu.Unlock()
	}
	return p.settle(ctx, s, err)
}

func (p *play) writeStream(ctx context.Context, _ scope, s *step) *ending {
	content, err := s.content()
	stream := p.opened()
	switch {
	case err != nil:
	case stream == nil:
		err = noStream()
	case s.Piece <= 0:
		_, err = stream.Write(content)
	default:
		for piece := range slices.Chunk(content, s.Piece) {
			if _, err = stream.Write(piece); err != nil {
				break
			}
		}
	}
	return p.settle(ctx, s, err)
}

func (p *play) closeStream(ctx context.Context, _ scope, s *step) *ending {
	stream := p.opened()
	if stream == nil {
		return p.settle(ctx, s, noStream())
	}
	return p.settle(ctx, s, stream.CloseWith(s.Summary))
}

func (p *play) abandonStream(context.Context, scope, *step) *ending {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stream = nil
	return nil
}

func noStream() error {
	return protocol.NewError(protocol.InvalidRequest, "the script has opened no stream")
}

// maxContent bounds what one step may write, in bytes.
const maxContent = 64 << 20

// content is the bytes that a stream_write gives.
func (s *step) content() ([]byte, error) {
	var once []byte
	var err error
	switch {
	case s.Text != nil:
		once = []byte(*s.Text)
	case s.Base64 != nil:
		once, err = base64.StdEncoding.DecodeString(*s.Base64)
	case s.Generate != nil && (s.Generate.Size < 0 || s.Generate.Size > maxContent):
		err = errors.New("so many bytes are not offered")
	case s.Generate != nil:
		once = s.Generate.bytes()
	}
	if err == nil && (s.times() < 0 || s.times() > 0 && len(once) > maxContent/s.times()) {
		err = errors.New("so many bytes are not offered")
	}
	if err != nil {
		return nil, protocol.NewError(protocol.InvalidRequest, "the bytes to write: "+err.Error())
	}
	return slices.Repeat(once, s.times()), nil
}

// bytes is the first bytes of SHA-256("seed:0"), SHA-256("seed:1") and so on.
func (g *generated) bytes() []byte {
	out := make([]byte, 0, g.Size+sha256.Size)
	for block := 0; len(out) < g.Size; block++ {
		sum := sha256.Sum256([]byte(g.Seed + ":" + strconv.Itoa(block)))
		out = append(out, sum[:]...)
	}
	return out[:g.Size]
}
